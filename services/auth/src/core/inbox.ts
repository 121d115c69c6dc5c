import type { EventKind } from '@guildhall/contracts';

/** The inbox of events that other services publish: the ids that were taken, and the dead letters. */
export interface Inbox {
  /** Takes an event, in the transaction of what it changes. False when it was taken before. */
  take(eventId: string, kind: EventKind): Promise<boolean>;
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
}
