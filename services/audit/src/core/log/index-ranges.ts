import type { LogRange } from './log-reader.ts';

/** A set of leaf indexes: ascending ranges, none of which touches the next. */
export type IndexRanges = readonly LogRange[];

/** Joins ranges that overlap or touch. They must begin in ascending order. */
const join = (ascending: Iterable<LogRange>): IndexRanges => {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of ascending) {
    const last = joined.at(-1);
    if (to <= from) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
};

/** The ranges of indexes, in any order. */
export const rangesOf = (indexes: readonly number[]): IndexRanges =>
  join([...indexes].toSorted((one, other) => one - other).map((index) => ({ from: index, to: index + 1 })));

export const unionOf = (...sets: readonly IndexRanges[]): IndexRanges =>
  join(sets.flat().toSorted((one, other) => one.from - other.from));

/** The indexes of the first set that are not in the second. */
export const without = (set: IndexRanges, taken: IndexRanges): IndexRanges => {
  const left: LogRange[] = [];
  let at = 0;
  for (const { from, to } of set) {
    let start = from;
    while (at < taken.length && (taken[at]?.to ?? 0) <= start) at += 1;
    for (let next = at; next < taken.length && (taken[next]?.from ?? to) < to; next += 1) {
      const gap = taken[next] ?? { from: to, to };
      if (gap.from > start) left.push({ from: start, to: gap.from });
      start = Math.max(start, gap.to);
    }
    if (start < to) left.push({ from: start, to });
  }
  return left;
};

/** The indexes below a bound. */
export const belowOf = (set: IndexRanges, end: number): IndexRanges =>
  set.filter(({ from }) => from < end).map(({ from, to }) => ({ from, to: Math.min(to, end) }));

export const countOf = (set: IndexRanges): number => set.reduce((sum, { from, to }) => sum + to - from, 0);

/** The set as a text: `0-41,57`, the last index of a range included. */
export const rangesText = (set: IndexRanges): string =>
  set.map(({ from, to }) => (to === from + 1 ? String(from) : `${from}-${to - 1}`)).join();

const rangePattern = /^(0|[1-9]\d{0,15})(?:-([1-9]\d{0,15}))?$/;

/** Parses `rangesText`; null for anything else. */
export const parseRanges = (text: unknown): IndexRanges | null => {
  if (typeof text !== 'string') return null;
  const ranges = text.split(',').map((part) => {
    const [, from, last = from] = rangePattern.exec(part) ?? [];
    return { from: Number(from), to: Number(last) + 1 };
  });
  return ranges.every(({ from, to }, at) => from < to && from > (ranges[at - 1]?.to ?? -1)) ? ranges : null;
};
