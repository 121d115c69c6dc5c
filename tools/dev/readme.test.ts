import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const readme = read('README.md');
const all = (pattern: RegExp): readonly string[][] => [...readme.matchAll(pattern)].map(([, ...found]) => found);

const migrationsOf = (service = ''): number =>
  readdirSync(join(import.meta.dirname, '../../services', service, 'migrations')).filter((name) => name.endsWith('.up.sql'))
    .length;

test('every make target that README names is there', () => {
  const targets = new Set([...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, name]) => name));
  const named = all(/(?:`|\$ |^)(?:[A-Z_]+=\S+ )?make ([a-z][a-z-]*)(?=[ `\n])/gm).map(([name]) => name);
  expect(named).toContain('up');
  expect(named.filter((name) => !targets.has(name ?? ''))).toEqual([]);
});

test("README's first start applies as many migrations as each service has", () => {
  const shown = all(/ (auth|team-resources|audit): (\d+) migrations applied/g);
  expect(shown.map(([service]) => service)).toEqual(['auth', 'team-resources', 'audit']);
  expect(shown).toEqual(shown.map(([service]) => [service, String(migrationsOf(service))]));
});

test("README's steps of the demonstration have the words that it prints", () => {
  const journey = ['journey', 'community-life'].map((name) => read(`tools/demo/${name}.ts`)).join('');
  const titles = all(/^\d+\. (.+)$/gm).map(([title]) => title ?? '');
  expect(titles.length).toBeGreaterThan(1);
  expect(titles.filter((title) => !journey.includes(`terminal.step('${title}')`))).toEqual([]);
});
