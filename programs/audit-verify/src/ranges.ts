/** Indexes from `from` to before `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Adds an index that is not below any before it. */
export const addIndex = (ranges: { from: number; to: number }[], index: number): void => {
  const last = ranges.at(-1);
  if (last?.to === index) last.to += 1;
  else ranges.push({ from: index, to: index + 1 });
};

/** Joins ranges: the indexes in ascending order, those that touch in one range. */
export const joined = (ranges: readonly Range[]): readonly Range[] => {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
};

/** The indexes of `ranges` that are not in `taken`; both ascending. */
export const minus = (ranges: readonly Range[], taken: readonly Range[]): readonly Range[] => {
  const result: Range[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    let start = from;
    for (; at < taken.length; at += 1) {
      const cut = taken[at] ?? { from: to, to };
      if (cut.from >= to) break;
      if (cut.from > start) result.push({ from: start, to: cut.from });
      start = Math.max(start, cut.to);
      if (cut.to > to) break;
    }
    if (start < to) result.push({ from: start, to });
  }
  return result;
};

export const below = (ranges: readonly Range[], end: number): readonly Range[] =>
  ranges.filter(({ from }) => from < end).map(({ from, to }) => ({ from, to: Math.min(to, end) }));

export const sizeOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);

/** The text of `parseRanges`, with blanks. */
export const rangesText = (ranges: readonly Range[]): string =>
  ranges.map(({ from, to }) => (to === from + 1 ? `${from}` : `${from}-${to - 1}`)).join(', ');

/** Parses `7,10-12`. Anything else names no index. */
export const parseRanges = (text: unknown): readonly Range[] => {
  if (typeof text !== 'string' || !/^\d{1,16}(-\d{1,16})?(,\d{1,16}(-\d{1,16})?)*$/.test(text)) return [];
  const ranges = text.split(',').map((part) => {
    const [from = '', last = from] = part.split('-');
    return { from: Number(from), to: Number(last) + 1 };
  });
  return ranges.every(({ from, to }) => from < to) ? ranges : [];
};
