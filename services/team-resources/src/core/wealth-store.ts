import type { Wealth, WealthSort } from '@guildhall/contracts';
import type { PageRequest, RememberedAnswer } from '@guildhall/resources';
import type { CreateTarget, WithAccess } from './community-resource.ts';
import type { AuditedWrite } from './community-write.ts';
import type { KeyPosition } from './sorted-cursor.ts';

export interface WealthWithAccess extends WithAccess<Wealth> {
  /** The units that accepted and fulfilled requests have taken. */
  readonly quantityTaken: number;
}

/** The council or pool that wealth is shared with; both null: the whole community. */
export type WealthAudience = Pick<Wealth, 'councilId' | 'poolId'>;

/** The facts that decide whether the caller may offer wealth. */
export interface WealthTarget extends CreateTarget {
  /** The caller's trust score, and the least that offering needs; admins and owners need none. */
  readonly score: number;
  readonly neededScore: number;
  readonly displayName: string;
  /** False when a council or pool is named that the community does not have. */
  readonly hasAudience: boolean;
}

export interface WealthFilter {
  readonly type?: Wealth['type'] | undefined;
  readonly category?: string | undefined;
  readonly status: Wealth['status'];
  readonly createdBy?: string | undefined;
  readonly councilId?: string | undefined;
  readonly poolId?: string | undefined;
  /** A text in the title, in upper or lower case. */
  readonly q?: string | undefined;
  readonly isDeleted: boolean;
  readonly sort: WealthSort;
}

export interface WealthPath {
  readonly communityId: string;
  readonly wealthId: string;
}

/**
 * The wealth of communities. Reads are one statement with the caller's membership and trust score in it; they return undefined
 * for what the caller may not see: wealth that asks for more trust than they have, or is shared with a council or a pool that is not
 * theirs, does not exist for them. Writes are one
 * statement: row, event and key, or nothing; they return false, having changed nothing, when the user may not do so (any
 * more), the key was used or a concurrent change won. Whether wealth has expired is decided by the clock of the database.
 */
export interface WealthStore {
  list(
    userId: string,
    communityId: string,
    filter: WealthFilter,
    page: PageRequest<KeyPosition>,
  ): Promise<readonly Wealth[] | undefined>;
  /** Finds deleted wealth, too: restoring it needs the access. */
  find(userId: string, path: WealthPath): Promise<WealthWithAccess | undefined>;
  findCreateTarget(
    userId: string,
    communityId: string,
    audience: WealthAudience,
    key: string | undefined,
  ): Promise<WealthTarget | undefined>;
  /** True if the community has the council or pool that is named. */
  hasAudience(communityId: string, audience: WealthAudience): Promise<boolean>;
  /** Checks again that the user's role and trust score allow it, and the council or pool is there. */
  insert(wealth: Wealth, write: AuditedWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /**
   * Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. Returns the
   * status that it then has.
   */
  save(next: Wealth, isDeleted: boolean, write: AuditedWrite): Promise<Wealth['status'] | undefined>;
}
