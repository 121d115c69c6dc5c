import type { LineDiff } from '@guildhall/contracts';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffLines } from '../src/line-diff/diff-lines.ts';

/** The other text, made from the one and what is told to differ. */
const patched = (from: string, { hunks }: LineDiff): string => {
  const lines = from.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  let at = 0;
  const out: string[] = [];
  for (const { fromLine, fromLines, lines: told } of hunks) {
    // A hunk without lines of the older text names the line before it, as in a unified diff.
    const start =
      fromLines === 0 && told.every(({ kind }) => kind === 'added') && fromLine <= lines.length ? fromLine : fromLine - 1;
    out.push(...lines.slice(at, start));
    at = start + fromLines;
    out.push(
      ...told
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text, isUnterminated }) => text + (isUnterminated === true ? '' : '\n')),
    );
  }
  return [...out, ...lines.slice(at)].join('');
};

/** Two thousand lines, which no other mark has. */
const linesOf = (mark: string): string => Array.from({ length: 2_000 }, (_, number) => `${mark}${number}\n`).join('');

describe('the difference of two texts', () => {
  test('leads from the one to the other, whatever they are', () => {
    const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', ' x\n');
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end'))
      .map(([lines, end]) => lines.join('') + end);
    fc.assert(
      fc.property(text, text, (from, to) => {
        expect(patched(from, diffLines(from, to))).toBe(to);
      }),
    );
  });

  test('says where a last line has no line feed', () => {
    expect(diffLines('a\nb', 'a\nb\n').hunks).toEqual([
      {
        fromLine: 1,
        fromLines: 2,
        toLine: 1,
        toLines: 2,
        lines: [
          { kind: 'same', text: 'a' },
          { kind: 'removed', text: 'b', isUnterminated: true },
          { kind: 'added', text: 'b' },
        ],
      },
    ]);
  });

  test('is one hunk between the common beginning and end where the texts differ in too many lines', () => {
    const diff = diffLines(`first\n${linesOf('a')}last\n`, `first\n${linesOf('b')}last\n`);
    expect(diff.isMinimal).toBe(false);
    expect(diff.hunks.map(({ lines: _lines, ...numbers }) => numbers)).toEqual([
      { fromLine: 2, fromLines: 2_000, toLine: 2, toLines: 2_000 },
    ]);
    expect(diff.hunks[0]?.lines).toHaveLength(4_000);
  });
});
