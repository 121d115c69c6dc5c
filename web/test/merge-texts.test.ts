import { describe, expect, test } from 'vitest';
import { diffLines } from '../src/editor/line-diff.ts';
import { mergeTexts } from '../src/editor/merge-texts.ts';

const lines = (...all: readonly string[]): string => all.join('\n');
const base = lines('one', 'two', 'three', 'four', 'five');

describe('merging two changes of one text', () => {
  test.each([
    ['nothing changed', base, base, base, 0],
    ['only mine', lines('zero', base), base, lines('zero', base), 0],
    ['only theirs', base, lines(base, 'six'), lines(base, 'six'), 0],
    ['far from each other', lines('zero', base), lines(base, 'six'), lines('zero', base, 'six'), 0],
    ['both alike', lines(base, 'six'), lines(base, 'six'), lines(base, 'six'), 0],
    ['mine deletes, theirs stays', lines('one', 'two', 'four', 'five'), base, lines('one', 'two', 'four', 'five'), 0],
    [
      'the same line, differently: mine stands there',
      base.replace('three', 'mine'),
      base.replace('three', 'theirs'),
      base.replace('three', 'mine'),
      1,
    ],
    [
      'mine deletes what theirs changed',
      base.replace('three\n', ''),
      base.replace('three', 'theirs'),
      base.replace('three\n', ''),
      1,
    ],
  ])('%s', (_what, mine, theirs, text, conflicts) => {
    expect(mergeTexts(base, mine, theirs)).toEqual({ text, conflicts });
  });

  test('an empty base, and texts without an end of line', () => {
    expect(mergeTexts('', 'a', '')).toEqual({ text: 'a', conflicts: 0 });
    expect(mergeTexts('', 'a', 'b')).toEqual({ text: 'a', conflicts: 1 });
    expect(mergeTexts('a', 'a\n', 'a')).toEqual({ text: 'a\n', conflicts: 0 });
  });

  test('carriage returns are kept', () => {
    expect(mergeTexts('a\r\nb\r\nc\r\n', 'a\r\nb\r\nd\r\n', 'A\r\nb\r\nc\r\n')).toEqual({
      text: 'A\r\nb\r\nd\r\n',
      conflicts: 0,
    });
  });
});

describe('the difference of two texts', () => {
  test('has three equal lines around what differs, numbered in both texts', () => {
    const long = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
    const other = [...long.slice(0, 9), 'new', ...long.slice(10), 'end'];
    expect(diffLines(lines(...long), lines(...other))).toEqual({
      isMinimal: true,
      hunks: [
        {
          fromLine: 7,
          fromLines: 7,
          toLine: 7,
          toLines: 7,
          lines: [
            { kind: 'same', text: 'line 7' },
            { kind: 'same', text: 'line 8' },
            { kind: 'same', text: 'line 9' },
            { kind: 'removed', text: 'line 10' },
            { kind: 'added', text: 'new' },
            { kind: 'same', text: 'line 11' },
            { kind: 'same', text: 'line 12' },
            { kind: 'same', text: 'line 13' },
          ],
        },
        {
          fromLine: 18,
          fromLines: 3,
          toLine: 18,
          toLines: 4,
          lines: [
            { kind: 'same', text: 'line 18' },
            { kind: 'same', text: 'line 19' },
            { kind: 'same', text: 'line 20' },
            { kind: 'added', text: 'end' },
          ],
        },
      ],
    });
  });

  test('of equal texts has no place', () => {
    expect(diffLines(base, base)).toEqual({ isMinimal: true, hunks: [] });
  });
});
