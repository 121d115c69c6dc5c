import type { UserChangedMessage } from '@guildhall/contracts';

/** This service's own small copy of users, and which of auth's events made it. */
export interface AppUserStore {
  /** Stores what the events tell, the newest version of each user, in one statement. Taking an event again changes nothing. */
  record(messages: readonly UserChangedMessage[]): Promise<void>;
  /**
   * Keeps what is no event that can be understood, with the reason. From then on it counts as taken: it would be no better
   * the next time. Answers whether it was new.
   */
  setAside(event: { readonly id: string; readonly raw: unknown; readonly reason: string }): Promise<boolean>;
  /** Those of the events that were neither taken nor set aside. */
  missing(ids: readonly string[]): Promise<readonly string[]>;
  /** Forgets at most `limit` events that were taken before a moment, and answers how many. */
  purgeTakenBefore(at: string, limit: number): Promise<number>;
}
