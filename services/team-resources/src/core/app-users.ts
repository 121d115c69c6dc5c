import type { EventKind, ListedUser, UserChangedMessage } from '@guildhall/contracts';

/** A user's copy as it was read. */
export interface UserVersion {
  readonly userId: string;
  readonly version: number;
}

/** The copy of auth's users that this service keeps, and the inbox of the events that made it: an idempotent consumer. */
export interface AppUserStore {
  /** Stores the newest version of each user in the events, none of which is erased, in one statement. Idempotent by event id. */
  record(messages: readonly UserChangedMessage[]): Promise<void>;
  /**
   * Makes the copies of users equal to what auth listed, and returns how many were changed or added. A copy that is newer than its
   * listing stays, and is returned in `ahead`, unless it is one of `disproved`: auth was asked after that version was read,
   * so it is no version of auth's.
   */
  restore(
    listed: readonly ListedUser[],
    disproved: readonly UserVersion[],
  ): Promise<{ readonly changed: number; readonly ahead: readonly UserVersion[] }>;
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
