import type { LogEntry, LogRange } from '../log/log-reader.ts';
import type { DeadLetter } from '../trail/audit-events.ts';
import type { TakeEvents } from '../trail/take-events.ts';

/**
 * Events of the log that may be removed. Removing one deletes its row and keeps id, leaf index and leaf hash, in one
 * statement: every Merkle proof goes on holding.
 */
export interface RemovableEvents {
  /** The number of leaves in the log. */
  size(): Promise<number>;
  /** The first `limit` events behind a leaf index that were recorded before a moment (ISO 8601), among the oldest of the log. */
  expired(recordedBefore: string, after: number, limit: number): Promise<readonly LogEntry[]>;
  /** The leaf index of the first event that was not recorded before a moment; null if there is none. */
  firstKept(recordedBefore: string): Promise<number | null>;
  /** The newest `limit` events with an action of removal that are older than `before`. */
  tellings(action: string, before: LogEntry | null, limit: number): Promise<readonly LogEntry[]>;
  /**
   * The first `limit` events of a range that hold one of the texts anywhere, also as part of a longer text and in any
   * capitals: every event that names a person, and others.
   */
  search(texts: readonly string[], range: LogRange, limit: number): Promise<readonly LogEntry[]>;
  findAll(ids: readonly string[]): Promise<readonly LogEntry[]>;
  /** Removes these events as pruned and returns how many were still there. */
  prune(ids: readonly string[]): Promise<number>;
  /** Removes these events as redacted and returns how many were still there. */
  redact(ids: readonly string[]): Promise<number>;
}

/** Dead letters that may be removed. They never came into the log, and go without a trace there. */
export interface RemovableRejected {
  countExpired(recordedBefore: string, max: number): Promise<number>;
  removeExpired(recordedBefore: string, limit: number): Promise<number>;
  /** Searches like `RemovableEvents.search`, in the order of ids, after `afterId`. */
  search(texts: readonly string[], afterId: string | null, limit: number): Promise<readonly DeadLetter[]>;
  findAll(ids: readonly string[]): Promise<readonly DeadLetter[]>;
  remove(ids: readonly string[]): Promise<number>;
}

export interface RemovalParts {
  readonly events: RemovableEvents;
  readonly rejected: RemovableRejected;
  readonly takeEvents: TakeEvents;
  readonly now: () => Date;
  /** True if the event is what its leaf hash was made of. An altered one is not pruned, as its time of recording may be made up, and its redaction is told of as such. */
  readonly isGenuine: (entry: LogEntry) => boolean;
  /** The fewest days that events are kept, whatever the policy says. */
  readonly keepDaysMin: number;
}

/** Rows that one statement removes, so that none holds its locks for long. */
export const removalBatchMax = 1_000;
/** The most ranges of leaf indexes that one announcement states: 30 KB as text, so that its event fits into a bundle of entries. */
export const announcedRangesMax = 2_000;
const dayMs = 24 * 60 * 60 * 1_000;
/** The resource that audit events about the trail itself name. */
export const trailResource = { type: 'audit-trail', id: 'events' } as const;

/** The moment so many days ago, in ISO 8601. */
export const daysAgo = (now: Date, days: number): string => new Date(now.getTime() - days * dayMs).toISOString();
