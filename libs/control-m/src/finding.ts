/** `error`: Control-M would refuse it or read it otherwise than it is written. `warning`: it works, and surprises. */
export type Severity = 'error' | 'warning' | 'note';

/** A finding about a document: a stable code, the place in the document and a sentence. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  /** JSON Pointer (RFC 6901) to the value; empty for the whole document. */
  readonly pointer: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly message: string;
  /** A piece of advice: what to do about it. */
  readonly hint?: string;
}

/** A finding by the offset of its place: `locate` makes a `Finding` of it. */
export interface OffsetFinding extends Omit<Finding, 'line' | 'column'> {
  readonly offset: number;
}

/** The name of a member as a part of a JSON Pointer (RFC 6901, section 3). */
export const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The offsets at which the lines of a text start. */
const lineStartsOf = (text: string): readonly number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

/** The index of the last line that starts at or before an offset: a binary search. */
const lineAt = (starts: readonly number[], offset: number): number => {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** The line and column of an offset in a text, both from 1. */
const positionsOf = (text: string): ((offset: number) => { readonly line: number; readonly column: number }) => {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStartsOf(text);
    const index = lineAt(starts, offset);
    return { line: index + 1, column: offset - (starts[index] ?? 0) + 1 };
  };
};

/** Findings with line and column, in the order of the text. */
export const locate = (text: string, findings: readonly OffsetFinding[]): readonly Finding[] => {
  const positionOf = positionsOf(text);
  return findings
    .toSorted((one, other) => one.offset - other.offset)
    .map(({ code, severity, pointer, offset, message, hint }) => ({
      code,
      severity,
      pointer,
      ...positionOf(offset),
      message,
      ...(hint === undefined ? {} : { hint }),
    }));
};
