import type { AuditFilters } from '../trail/audit-events.ts';
import type { LoggedEvent } from './leaf.ts';

/** An event with its place in the log. */
export interface LogEntry {
  readonly leafIndex: number;
  /** In standard base64. */
  readonly leafHash: string;
  readonly event: LoggedEvent;
}

/** An event whose row is not what its leaf hash was made of: somebody altered it in the database. */
export interface AlteredEntry {
  readonly leafIndex: number;
  readonly leafHash: string;
  /** The content of the row as it is now, which nobody vouches for. */
  readonly altered: LoggedEvent;
}

/** The place of an event of which only that and its leaf hash are left. */
export interface RemovedLeaf {
  readonly leafIndex: number;
  readonly leafHash: string;
  readonly reason: 'pruned' | 'redacted';
}

/** An event of which only place and leaf hash are left, as the log is read in order. */
export interface RemovedEntry extends RemovedLeaf {
  readonly removedAt: string;
}

/** Leaf indexes from `from` to before `to`. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
}

/** The audit trail in the order of its log. What is below its size never changes its place. */
export interface LogReader<Entry extends LogEntry | AlteredEntry = LogEntry | AlteredEntry> {
  /** The number of leaves in the log. */
  size(): Promise<number>;
  /** The log's name in its checkpoints; null before the first one. */
  origin(): Promise<string | null>;
  /** Reads the first `limit` matching entries of a range, in order. */
  read(filters: AuditFilters, range: LogRange, limit: number): Promise<readonly Entry[]>;
  /** Reads the removed entries of a range, in order. */
  removed(range: LogRange): Promise<readonly RemovedEntry[]>;
}

/** Entries held at a time. */
const pageEntriesMax = 500;
/** Leaves that one statement looks at, where few of them fit. */
const rangeLeavesMax = 50_000;

/** Reads the first `limit` matching entries of a range, in order. */
type ReadRange<Entry> = (range: LogRange, limit: number) => Promise<readonly Entry[]>;

/**
 * The matching entries of a range in pages of bounded size and cost; a page may be empty. The range of one statement grows
 * while few leaves match.
 */
export async function* scanLog<Entry extends { readonly leafIndex: number }>(
  read: ReadRange<Entry>,
  { from, to }: LogRange,
): AsyncGenerator<readonly Entry[]> {
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
export const readLeaves = async <Entry extends LogEntry | AlteredEntry>(
  log: Pick<LogReader<Entry>, 'read' | 'removed'>,
  range: LogRange,
): Promise<readonly (Entry | RemovedEntry)[]> => {
  const leaves = range.to - range.from;
  const entries = await log.read({}, range, leaves);
  if (entries.length === leaves) return entries;
  const there = new Set(entries.map(({ leafIndex }) => leafIndex));
  const removed = (await log.removed(range)).filter(({ leafIndex }) => !there.has(leafIndex));
  return [...entries, ...removed].toSorted((one, other) => one.leafIndex - other.leafIndex);
};

/** Reads every leaf of a range, page by page. */
export async function* readEveryLeaf<Entry extends LogEntry | AlteredEntry>(
  log: Pick<LogReader<Entry>, 'read' | 'removed'>,
  { from, to }: LogRange,
): AsyncGenerator<readonly (Entry | RemovedEntry)[]> {
  for (let next = from; next < to; next += pageEntriesMax) {
    yield await readLeaves(log, { from: next, to: Math.min(to, next + pageEntriesMax) });
  }
}
