import type { LineDiff } from '@guildhall/contracts';
import { structuredPatch } from 'diff';

/** The equal lines around what differs. */
const contextLines = 3;
/** The most lines that are removed or added in a difference for which the shortest one is looked for: the time grows with its square. */
const editsMax = 1_000;

type Hunk = LineDiff['hunks'][number];
type Line = Hunk['lines'][number];

const kinds: Readonly<Record<string, Line['kind']>> = { ' ': 'same', '-': 'removed', '+': 'added' };

/** The lines of a unified diff. A line that begins with a backslash says that the one before it has no line feed. */
const linesOf = (lines: readonly string[]): Line[] =>
  lines.flatMap((line, index) => {
    const kind = kinds[line[0] ?? ''];
    if (kind === undefined) return [];
    const isUnterminated = lines[index + 1]?.startsWith('\\') === true;
    return [{ kind, text: line.slice(1), ...(isUnterminated ? { isUnterminated } : {}) }];
  });

/** The text as lines with their line feeds. */
const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const toLine =
  (kind: Line['kind']) =>
  (line: string): Line =>
    line.endsWith('\n') ? { kind, text: line.slice(0, -1) } : { kind, text: line, isUnterminated: true };

/** One hunk that replaces everything between the common beginning and the common end of both texts. */
const replaceMiddle = (from: readonly string[], to: readonly string[]): Hunk => {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end += 1;
  const removed = from.slice(start, from.length - end);
  const added = to.slice(start, to.length - end);
  const lines = [...removed.map(toLine('removed')), ...added.map(toLine('added'))];
  return { fromLine: start + 1, fromLines: removed.length, toLine: start + 1, toLines: added.length, lines };
};

/**
 * Compares two texts line by line: the shortest difference (Myers, "An O(ND) Difference Algorithm and Its Variations"), or one hunk
 * where it would be longer than `editsMax` lines. Lines end with a line feed; a carriage return before it belongs to the line.
 */
export const diffLines = (from: string, to: string): LineDiff => {
  const patch = structuredPatch('', '', from, to, '', '', { context: contextLines, maxEditLength: editsMax });
  if (patch === undefined) return { isMinimal: false, hunks: [replaceMiddle(splitLines(from), splitLines(to))] };
  const hunks = patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }): Hunk => ({
    fromLine: oldStart,
    fromLines: oldLines,
    toLine: newStart,
    toLines: newLines,
    lines: linesOf(lines),
  }));
  return { isMinimal: true, hunks };
};
