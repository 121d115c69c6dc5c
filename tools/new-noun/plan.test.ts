import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { fill, planNoun } from './plan.ts';
import { namesOf } from './names.ts';

const template = (name: string): string => readFileSync(path.join(import.meta.dirname, 'templates', `${name}.txt`), 'utf8');
const request = { service: 'team-resources', schema: 'team', name: 'trust-awards', step: '0013', template };
const { files, shared } = planNoun(request);
const root = path.resolve(import.meta.dirname, '../..');

/** Names that the skeleton itself adds, or that are added to shared files with it. */
const isNew = (name: string): boolean => /trustAward/i.test(name);

describe('the skeleton of a noun', () => {
  it('is nine files, with eight more to edit', () => {
    expect(files.map((file) => file.path)).toEqual([
      'libs/contracts/src/routes/trust-awards.ts',
      'services/team-resources/migrations/0013_create_trust_awards.up.sql',
      'services/team-resources/migrations/0013_create_trust_awards.down.sql',
      'services/team-resources/migration-fixtures/0013_create_trust_awards.sql',
      'services/team-resources/src/core/trust-awards.ts',
      'services/team-resources/src/store/trust-awards.ts',
      'services/team-resources/src/routes/trust-awards.ts',
      'services/team-resources/test/core/trust-awards.test.ts',
      'services/team-resources/test/contract/trust-awards.test.ts',
    ]);
    expect(shared).toHaveLength(8);
  });

  it.each(files.filter((file) => file.path.endsWith('.ts')))('parses: $path', ({ path: file, text }) => {
    expect(parseSync(file, text).errors).toEqual([]);
  });

  it.each(files.filter((file) => file.path.endsWith('.ts')))(
    'imports only what is exported: $path',
    async ({ path: file, text }) => {
      const { staticImports } = parseSync(file, text).module;
      for (const { moduleRequest, entries } of staticImports) {
        const from = moduleRequest.value;
        if (!from.startsWith('.') && !from.startsWith('@guildhall/')) continue;
        if (from.includes('trust-awards')) continue;
        const target = path.join(
          root,
          from.startsWith('.') ? `${path.dirname(file)}/${from}` : `libs/${from.slice(11)}/src/index.ts`,
        );
        const exported: Record<string, unknown> = await import(target);
        const values = entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? '');
        expect(values.filter((name) => !isNew(name) && !(name in exported))).toEqual([]);
      }
    },
  );
});

describe('names', () => {
  it('come in the forms that code, SQL and sentences need', () => {
    expect(namesOf('trust-awards')).toEqual({
      poll: 'trustAward',
      polls: 'trustAwards',
      Poll: 'TrustAward',
      Polls: 'TrustAwards',
      file: 'trust-awards',
      resource: 'trust-award',
      table: 'trust_awards',
      word: 'trust award',
      words: 'trust awards',
    });
    expect(namesOf('communities').poll).toBe('community');
  });

  it.each(['Polls', 'poll', 'poll_votes', 'polls/../x', ''])('%j is refused', (name) => {
    expect(() => namesOf(name)).toThrow('NAME must be a plural in kebab case');
  });

  it('a placeholder without a value is refused', () => {
    expect(() => fill('{{poll}} {{colour}}', { poll: 'poll' })).toThrow('A template asks for {{colour}}, which has no value.');
  });
});
