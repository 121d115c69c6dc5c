import type { AlteredEntry, LogEntry, LogRange, RemovedEntry } from '../log/log-reader.ts';

/** The content of one delivery: the leaves of a range of the log; of a removed event only leaf index and hash. */
export interface ForwardBatch {
  /** Leaf indexes from `from` to before `to`. */
  readonly range: LogRange;
  /** JSON; null where the range has no leaf at all. */
  readonly body: string | null;
}

/** The most leaves that one delivery covers. */
export const batchLeavesMax = 100;
/** The most bytes that its events have together, unless it is a single event. */
const batchBytesMax = 512 * 1024;

const encoder = new TextEncoder();

type Leaf = LogEntry | AlteredEntry | RemovedEntry;

const contentOf = (leaf: Leaf): object => {
  if ('event' in leaf) return leaf.event;
  return 'altered' in leaf ? { altered: leaf.altered } : { removed: leaf.reason };
};

const textOf = (leaf: Leaf): string => {
  const { leafIndex, leafHash } = leaf;
  return JSON.stringify({ leafIndex, leafHash, ...contentOf(leaf) });
};

/** Takes as many of the first texts as fit into the limit of bytes, and at least one. */
const fitting = (texts: readonly string[]): number => {
  let bytes = 0;
  for (const [count, text] of texts.entries()) {
    bytes += encoder.encode(text).length + 1;
    if (bytes > batchBytesMax) return Math.max(1, count);
  }
  return texts.length;
};

/** The delivery of a range. One that was begun before is told as it was, however many bytes it has. */
export const batchOf = (entries: readonly Leaf[], range: LogRange, isBegun: boolean): ForwardBatch => {
  const texts = entries.map(textOf);
  const count = isBegun ? texts.length : fitting(texts);
  const next = entries[count];
  const sent = { from: range.from, to: next === undefined ? range.to : next.leafIndex };
  if (count === 0) return { range: sent, body: null };
  const data = `{"first":${sent.from},"last":${sent.to - 1},"events":[${texts.slice(0, count).join()}]}`;
  const last = entries.slice(0, count).findLast((entry) => 'event' in entry);
  const timestamp = last === undefined ? '' : `"timestamp":${JSON.stringify(last.event.recordedAt)},`;
  return { range: sent, body: `{"type":"audit.events",${timestamp}"data":${data}}` };
};
