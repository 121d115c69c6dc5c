import type { AuditFilters } from '../trail/audit-events.ts';
import type { LoggedEvent } from './leaf.ts';

/** An event with its place in the log. */
export interface LogEntry {
  readonly leafIndex: number;
  /** In standard base64. */
  readonly leafHash: string;
  readonly event: LoggedEvent;
}

/** An event of which only place and leaf hash are left. */
export interface RemovedEntry {
  readonly leafIndex: number;
  readonly leafHash: string;
  readonly reason: 'pruned' | 'redacted';
}

/** Leaf indexes from `from` to before `to`. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
}

/** The audit trail in the order of its log. What is below its size never changes its place. */
export interface LogReader {
  /** The number of leaves in the log. */
  size(): Promise<number>;
  /** The log's name in its checkpoints; null before the first one. */
  origin(): Promise<string | null>;
  /** Reads the first `limit` matching entries of a range, in order. */
  read(filters: AuditFilters, range: LogRange, limit: number): Promise<readonly LogEntry[]>;
  /** Reads the removed entries of a range, in order. */
  removed(range: LogRange): Promise<readonly RemovedEntry[]>;
}

/** Entries held at a time. */
const pageEntriesMax = 500;
/** Leaves that one statement looks at, where few of them fit. */
const rangeLeavesMax = 50_000;

/** Reads the first `limit` matching entries of a range, in order. */
type ReadRange = (range: LogRange, limit: number) => Promise<readonly LogEntry[]>;

/**
 * The matching entries of a range in pages of bounded size and cost; a page may be empty. The range of one statement grows
 * while few leaves match.
 */
export async function* scanLog(read: ReadRange, { from, to }: LogRange): AsyncGenerator<readonly LogEntry[]> {
  let leaves = pageEntriesMax;
  for (let next = from; next < to;) {
    const end = Math.min(to, next + leaves);
    const page = await read({ from: next, to: end }, pageEntriesMax);
    const last = page.length === pageEntriesMax ? page.at(-1) : undefined;
    next = last === undefined ? end : last.leafIndex + 1;
    if (last === undefined) leaves = Math.min(leaves * 2, rangeLeavesMax);
    yield page;
  }
}

/**
 * Reads every leaf of a short range in order, with its event or as a removed one. Events are read first: one that is removed
 * meanwhile is returned as it was.
 */
export const readLeaves = async (
  log: Pick<LogReader, 'read' | 'removed'>,
  range: LogRange,
): Promise<readonly (LogEntry | RemovedEntry)[]> => {
  const leaves = range.to - range.from;
  const entries = await log.read({}, range, leaves);
  if (entries.length === leaves) return entries;
  const there = new Set(entries.map(({ leafIndex }) => leafIndex));
  const removed = (await log.removed(range)).filter(({ leafIndex }) => !there.has(leafIndex));
  return [...entries, ...removed].toSorted((one, other) => one.leafIndex - other.leafIndex);
};

/** Reads every leaf of a range, page by page. */
export async function* readEveryLeaf(
  log: Pick<LogReader, 'read' | 'removed'>,
  { from, to }: LogRange,
): AsyncGenerator<readonly (LogEntry | RemovedEntry)[]> {
  for (let next = from; next < to; next += pageEntriesMax) {
    yield await readLeaves(log, { from: next, to: Math.min(to, next + pageEntriesMax) });
  }
}
