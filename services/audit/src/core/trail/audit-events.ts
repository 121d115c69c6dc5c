import type { AuditEvent, AuditEventMessage, AuditStatus } from '@guildhall/contracts';
import type { EventContent, PageRequest } from '@guildhall/resources';
import type { LogEntry } from '../log/log-reader.ts';

/** The filters of a list; an event must pass all that are given. */
export interface AuditFilters {
  readonly actor?: string;
  /** One action, or a prefix that ends in `.*`. */
  readonly action?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly community?: string;
  readonly result?: AuditEvent['result'];
  readonly requestId?: string;
  /** Inclusive, by the time of occurrence. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
  /** JSON Pointer of something that changed. */
  readonly changedPath?: string;
  /** Part of the action or of the resource's type, id or name, in capitals or not. */
  readonly text?: string;
}

/** The end of the last page: its sort values (keyset pagination). */
export interface PageEnd {
  readonly occurredAt: string;
  readonly id: string;
}

export type AuditPageRequest = PageRequest<PageEnd>;

/** The progress of the log. */
export interface StoredCount extends Pick<AuditStatus, 'lastRecordedAt'>, Omit<AuditStatus['log'], 'waiting'> {}

/** The audit trail as it is stored. Events are added and never changed. */
export interface AuditEvents {
  /**
   * Stores those whose id is not there yet, all or none, and answers how many they were. Throws UNPROCESSABLE when the
   * database refuses a value of one of them, so that storing them again cannot succeed either.
   */
  record(messages: readonly AuditEventMessage[], recordedAt: string): Promise<number>;
  /**
   * Newest first by (occurredAt, id); one more than `limit` when there are more. Where `needsLooking(filters)` these are
   * out of the newest `lookedAtMax` that fit the other filters.
   */
  list(filters: AuditFilters, page: AuditPageRequest): Promise<readonly LogEntry[]>;
  /** Lists the events of an actor and those of others about their account, as `list` does; filters that need looking are left out. */
  listAbout(userId: string, filters: AuditFilters, page: AuditPageRequest): Promise<readonly LogEntry[]>;
  /** The last of those `lookedAtMax` events; null where they are not that many. */
  lookedAtEnd(filters: AuditFilters, page: AuditPageRequest): Promise<PageEnd | null>;
  find(id: string): Promise<LogEntry | null>;
  /** Returns what is kept of these ids: events, dead letters that name one of them, and ids of events that were removed. */
  findKept(ids: readonly string[]): Promise<KeptEvents>;
  /** Exact, and no dearer however many there are. */
  count(): Promise<StoredCount>;
}

/** The events, dead letters and removed ids that are kept of some ids. */
export interface KeptEvents {
  readonly stored: readonly EventContent[];
  readonly deadLetters: readonly EventContent[];
  readonly removedIds: readonly string[];
}

/** A dead letter: a message that is no valid event. */
export interface DeadLetter {
  readonly id: string;
  readonly raw: unknown;
  readonly reason: string;
  readonly at: string;
}

export interface RejectedEvents {
  /** Keeps it whole and answers whether it was new: keeping the same id again changes nothing. */
  keep(event: DeadLetter): Promise<boolean>;
}
