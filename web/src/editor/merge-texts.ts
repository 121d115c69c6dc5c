import { editsOf, linesOf, type Edit } from './line-edits.ts';

/** The lines of one side for a stretch of the base. */
const stretch = (base: readonly string[], edits: readonly Edit[], from: number, to: number): readonly string[] => {
  const lines: string[] = [];
  let at = from;
  for (const edit of edits.filter((one) => one.from >= from && one.to <= to)) {
    lines.push(...base.slice(at, edit.from), ...edit.lines);
    at = edit.to;
  }
  return [...lines, ...base.slice(at, to)];
};

/** Edits that touch the same or neighbouring lines of the base stand together. */
const groupsOf = (edits: readonly Edit[]): readonly { readonly from: number; readonly to: number }[] => {
  const groups: { from: number; to: number }[] = [];
  for (const { from, to } of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = groups.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else groups.push({ from, to });
  }
  return groups;
};

const isSame = (one: readonly string[], two: readonly string[]): boolean =>
  one.length === two.length && one.every((line, index) => line === two[index]);

export interface Merged {
  readonly text: string;
  /** The places that both changed, and not alike: there the own lines stand. */
  readonly conflicts: number;
}

/** Merges two changes of one text, line by line (diff3). Both sides' changes are kept where only one of them changed a place. */
export const mergeTexts = (baseText: string, mineText: string, theirsText: string): Merged => {
  const [base, mine, theirs] = [linesOf(baseText), linesOf(mineText), linesOf(theirsText)];
  const lines = base.toJSON();
  const [own, other] = [editsOf(base, mine), editsOf(base, theirs)];
  const merged: string[] = [];
  let at = 0;
  let conflicts = 0;
  for (const { from, to } of groupsOf([...own, ...other])) {
    const ours = stretch(lines, own, from, to);
    const yours = stretch(lines, other, from, to);
    const original = lines.slice(from, to);
    merged.push(...lines.slice(at, from), ...(isSame(ours, original) ? yours : ours));
    if (!isSame(ours, original) && !isSame(yours, original) && !isSame(ours, yours)) conflicts += 1;
    at = to;
  }
  return { text: [...merged, ...lines.slice(at)].join('\n'), conflicts };
};
