import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';

/** A run of lines of a text that another one replaced. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

export const linesOf = (text: string): Text => Text.of(text.split('\n'));

const lineAfter = (text: Text, offset: number): number => (offset > text.length ? text.lines : text.lineAt(offset).number - 1);

/** An edit without the lines that it begins or ends with on both sides. */
const trimmed = (base: readonly string[], { from, to, lines }: Edit): Edit => {
  let [head, tail] = [0, 0];
  const most = Math.min(to - from, lines.length);
  while (head < most && base[from + head] === lines[head]) head += 1;
  while (tail < most - head && base[to - 1 - tail] === lines[lines.length - 1 - tail]) tail += 1;
  return { from: from + head, to: to - tail, lines: lines.slice(head, lines.length - tail) };
};

/** The edits that make one text of another, line by line, in order. Lines are counted from 0. */
export const editsOf = (base: Text, side: Text): readonly Edit[] => {
  const [before, after] = [base.toJSON(), side.toJSON()];
  return Chunk.build(base, side).map(({ fromA, toA, fromB, toB }) => {
    const [from, to] = [lineAfter(base, fromA), lineAfter(base, toA)];
    return trimmed(before, { from, to, lines: after.slice(lineAfter(side, fromB), lineAfter(side, toB)) });
  });
};
