import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesMatching, repositoryRoot, type RepositoryFile } from './source/repository.ts';

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

/** The docstrings of files as running text in lower case. */
const docstringsOf = (files: readonly RepositoryFile[]): string =>
  files
    .flatMap(({ text }) => [...text.matchAll(/\/\*\*.*?\*\//gs)].map(([docstring]) => docstring.replaceAll(/\s*\n\s*\* ?/g, ' ')))
    .join('\n')
    .toLowerCase();

/** The terms of the field in a row of the glossary, without the sources in parentheses. */
const termsIn = (cell: string): readonly string[] =>
  cell
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((term) => term.trim().toLowerCase())
    .filter((term) => term !== '');

/** The words of a glossary that have terms of the field, none of which stands in a docstring of the place that it names. */
const unfound = (text: string, files: readonly RepositoryFile[]): readonly string[] =>
  rows(text).flatMap((cells) => {
    const [word = '', , terms = ''] = cells;
    const [place] = pathsIn(`|${cells.join('|')}|`);
    if (place === undefined || termsIn(terms).length === 0) return [];
    const found = docstringsOf(files.filter(({ path }) => path === place || path.startsWith(`${place}/`)));
    return termsIn(terms).some((term) => found.includes(term)) ? [] : [`${word.trim()}: ${terms.trim()}`];
  });

const sources = filesMatching('{libs,services,programs}/*/src/**/*.ts', 'tools/*.ts');

it('a reader who greps a term of the field finds the docstring of the place that the glossary names', () => {
  expect(rows(glossary).filter((cells) => termsIn(cells[2] ?? '').length > 0).length).toBeGreaterThan(50);
  expect(unfound(glossary, sources)).toEqual([]);
  const row = '| circuit | refuses | circuit breaker (Nygard), fuse | `libs/a/src/b.ts` |';
  expect(unfound(row, [{ path: 'libs/a/src/b.ts', text: '/**\n * A circuit\n * breaker.\n */' }])).toEqual([]);
  expect(unfound(row, [{ path: 'libs/a/src/b.ts', text: '/** A switch. */ const circuit = breaker;' }])).toEqual([
    'circuit: circuit breaker (Nygard), fuse',
  ]);
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
  'single flight',
  'semaphore',
  'state machine',
])('a reader who looks for "%s" finds it in the glossary and in the source', (term) => {
  expect(glossary).toContain(term);
  expect(docstringsOf(sources)).toContain(term);
});
