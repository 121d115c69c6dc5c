import type { LineDiff } from '@guildhall/contracts';
import { editsOf, linesOf, type Edit } from './line-edits.ts';

type Hunk = LineDiff['hunks'][number];
type Line = Hunk['lines'][number];

/** The equal lines that are shown around what differs. */
const contextLines = 3;

const of = (kind: Line['kind'], lines: readonly string[]): readonly Line[] => lines.map((text) => ({ kind, text }));

/** Edits that are shown together: their surroundings touch. */
const groupsOf = (edits: readonly Edit[]): readonly (readonly Edit[])[] => {
  const groups: Edit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && edit.from - last.to <= 2 * contextLines) groups.at(-1)?.push(edit);
    else groups.push([edit]);
  }
  return groups;
};

/** The difference of two texts, computed here as the API computes that of two versions. */
export const diffLines = (from: string, to: string): LineDiff => {
  const [base, side] = [linesOf(from), linesOf(to)];
  const lines = base.toJSON();
  let shift = 0;
  const hunks = groupsOf(editsOf(base, side)).map((edits): Hunk => {
    const start = Math.max(0, (edits[0]?.from ?? 0) - contextLines);
    const end = Math.min(lines.length, (edits.at(-1)?.to ?? 0) + contextLines);
    const shown: Line[] = [];
    let at = start;
    for (const edit of edits) {
      shown.push(...of('same', lines.slice(at, edit.from)), ...of('removed', lines.slice(edit.from, edit.to)));
      shown.push(...of('added', edit.lines));
      at = edit.to;
    }
    shown.push(...of('same', lines.slice(at, end)));
    const grown = edits.reduce((sum, edit) => sum + edit.lines.length - (edit.to - edit.from), 0);
    const [fromLine, fromLines] = [start + 1, end - start];
    const hunk = { fromLine, fromLines, toLine: fromLine + shift, toLines: fromLines + grown, lines: shown };
    shift += grown;
    return hunk;
  });
  return { isMinimal: true, hunks };
};
