// @vitest-environment happy-dom
import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { Diff } from '../src/ui/diff.tsx';
import { splitHiddenEnd } from '../src/ui/hidden-end.ts';

type Line = Parameters<typeof Diff>[0]['diff']['hunks'][number]['lines'][number];

const rowsOf = (...lines: readonly Line[]): readonly string[] => {
  const hunks = [{ fromLine: 1, fromLines: 1, toLine: 1, toLines: 1, lines: [...lines] }];
  const page = document.createElement('div');
  const root = createRoot(page);
  flushSync(() => root.render(createElement(Diff, { diff: { isMinimal: true, hunks } })));
  const rows = [...page.querySelectorAll('.diff-line')].map(({ innerHTML }) => innerHTML.replace(/^.*?: <\/span>/, ''));
  root.unmount();
  return rows;
};

// Whoever compares two versions sees what differs, also where the lines look the same.
test.each<readonly [what: string, removed: Omit<Line, 'kind'>, added: Omit<Line, 'kind'>]>([
  ['a missing line feed', { text: '}', isUnterminated: true }, { text: '}' }],
  ['a carriage return', { text: 'exit 0\r' }, { text: 'exit 0' }],
  ['blanks at the end', { text: 'exit 0 ' }, { text: 'exit 0' }],
  ['other blanks at the end', { text: 'exit 0\t' }, { text: 'exit 0' }],
])('%s is marked', (_what, removed, added) => {
  const [before, after] = rowsOf({ kind: 'removed', ...removed }, { kind: 'added', ...added });
  expect(after).toBe(added.text);
  expect(before).toMatch(/^[^<]+<span class="diff-(?:mark|blanks)">.+<\/span>$/s);
});

test('blanks inside of a line, and lines on both sides, stand as they are', () => {
  expect(rowsOf({ kind: 'added', text: '  a  b' }, { kind: 'same', text: 'c ' })[0]).toBe('  a  b');
  expect(rowsOf({ kind: 'same', text: 'c ' })[0]).toMatch(/c $/);
});

test('a long line of blanks is split at once', () => {
  const blanks = ' '.repeat(1_000_000);
  expect(splitHiddenEnd({ text: `${blanks}x` })).toMatchObject({ visible: `${blanks}x`, blanks: '' });
  expect(splitHiddenEnd({ text: `x${blanks}\r` })).toMatchObject({ visible: 'x', blanks, hasCarriageReturn: true });
});
