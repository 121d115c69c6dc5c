import type { EventKind, UserChangedMessage } from '@guildhall/contracts';

/** The copy of auth's users that this service keeps, and the inbox of the events that made it: an idempotent consumer. */
export interface AppUserStore {
  /** Stores the newest version of each user in the events, in one statement. Idempotent by event id. */
  record(messages: readonly UserChangedMessage[]): Promise<void>;
  /**
   * Dead letter: stores a message that is no valid event, with the reason. It then counts as taken, since redelivery would not
   * make it valid. Returns whether it was new.
   */
  storeDeadLetter(event: {
    readonly id: string;
    readonly kind: EventKind;
    readonly raw: unknown;
    readonly reason: string;
  }): Promise<boolean>;
  /** The ids of events that were neither taken nor stored as dead letters. */
  missing(ids: readonly string[]): Promise<readonly string[]>;
  /** Removes at most `limit` inbox entries of events taken before a time in ISO 8601, and returns how many. */
  purgeTakenBefore(at: string, limit: number): Promise<number>;
}
