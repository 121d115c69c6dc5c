import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from './source/repository.ts';

const rows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1));

/** The paths in the last column of a glossary's tables. */
const pathsIn = (text: string): readonly string[] =>
  rows(text).flatMap((cells) => [...(cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, path = '']) => path));

const glossary = readFileSync(join(repositoryRoot, 'docs/glossary.md'), 'utf8');

it('the glossary names only files and folders that exist', () => {
  const paths = pathsIn(glossary);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(repositoryRoot, path)))).toEqual([]);
  expect(pathsIn('| word | `meaning` | term | `tools/gone.ts` |')).toEqual(['tools/gone.ts']);
});

it.each([
  'circuit breaker',
  'dead letter',
  'keyset pagination',
  'optimistic locking',
  'soft delete',
  'idempotent',
  'compare-and-swap',
  'transactional outbox',
  'backpressure',
])('a reader who looks for "%s" finds it in the glossary', (term) => {
  expect(glossary).toContain(term);
});
