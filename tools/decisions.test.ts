import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { filesMatching, type RepositoryFile } from './source/repository.ts';

/** The records whose number is not the next one, in their file name and in their heading. */
const numberFaults = (records: readonly RepositoryFile[]): readonly string[] =>
  records
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .flatMap(({ path, text }, at) => {
      const isNumbered = basename(path).startsWith(`${String(at + 1).padStart(4, '0')}-`) && text.startsWith(`# ${at + 1}. `);
      return isNumbered ? [] : [`${basename(path)}: name and heading want the number ${at + 1}`];
    });

it('every decision record has a number of its own, in its name and its heading', () => {
  const records = filesMatching('docs/decisions/*.md');
  expect(records.length).toBeGreaterThan(30);
  expect(numberFaults(records)).toEqual([]);
  const first = { path: 'docs/decisions/0001-a.md', text: '# 1. A' };
  expect(numberFaults([first, { path: 'docs/decisions/0001-b.md', text: '# 1. B' }])).toEqual([
    '0001-b.md: name and heading want the number 2',
  ]);
  expect(numberFaults([first, { path: 'docs/decisions/0002-b.md', text: '# 3. B' }])).toHaveLength(1);
});
