import type { AuditEventMessage, CommunityRole, Wealth, WealthSort } from '@guildhall/contracts';
import type { EarlierAnswer, PageRequest, RememberedAnswer } from '@guildhall/resources';

export interface WealthWithAccess {
  readonly item: Wealth;
  /** The units that accepted and fulfilled requests have taken. */
  readonly quantityTaken: number;
  readonly isDeleted: boolean;
  /** The caller's role in the community. */
  readonly role: CommunityRole;
}

/** The facts that decide whether the caller may offer wealth. */
export interface WealthTarget {
  readonly role: CommunityRole;
  /** The caller's trust score, and the least that offering needs; admins and owners need none. */
  readonly score: number;
  readonly neededScore: number;
  readonly displayName: string;
  readonly earlier: EarlierAnswer | null;
}

export interface WealthWrite {
  readonly userId: string;
  readonly event: AuditEventMessage;
}

export interface WealthFilter {
  readonly type?: Wealth['type'] | undefined;
  readonly category?: string | undefined;
  readonly status: Wealth['status'];
  readonly createdBy?: string | undefined;
  /** A text in the title, in upper or lower case. */
  readonly q?: string | undefined;
  readonly isDeleted: boolean;
  readonly sort: WealthSort;
}

/** The position of a row in a sorted list: what it is sorted by, and its id. */
export interface WealthPosition {
  readonly key: string;
  readonly id: string;
}

export interface WealthPath {
  readonly communityId: string;
  readonly wealthId: string;
}

/**
 * The wealth of communities. Reads are one statement with the caller's membership and trust score in it; they return undefined
 * for what the caller may not see: wealth that asks for more trust than they have does not exist for them. Writes are one
 * statement: row, event and key, or nothing; they return false, having changed nothing, when the user may not do so (any
 * more), the key was used or a concurrent change won. Whether wealth has expired is decided by the clock of the database.
 */
export interface WealthStore {
  list(
    userId: string,
    communityId: string,
    filter: WealthFilter,
    page: PageRequest<WealthPosition>,
  ): Promise<readonly Wealth[] | undefined>;
  /** Finds deleted wealth, too: restoring it needs the access. */
  find(userId: string, path: WealthPath): Promise<WealthWithAccess | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<WealthTarget | undefined>;
  /** Checks again that the user's role and trust score allow it. */
  insert(wealth: Wealth, write: WealthWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /**
   * Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. Returns the
   * status that it then has.
   */
  save(next: Wealth, isDeleted: boolean, write: WealthWrite): Promise<Wealth['status'] | undefined>;
}
