import type { Need, NeedSort } from '@guildhall/contracts';
import type { PageRequest, RememberedAnswer } from '@guildhall/resources';
import type { CreateTarget, WithAccess } from './community-resource.ts';
import type { AuditedWrite } from './community-write.ts';
import type { KeyPosition } from './sorted-cursor.ts';

export interface NeedPath {
  readonly communityId: string;
  readonly needId: string;
}

export interface NeedWithAccess extends WithAccess<Need> {
  /** True if the caller may change it: whose need it is, a member of its council, an admin or owner. */
  readonly mayChange: boolean;
}

/** The council or community whose need it is; without both, it is the need of who states it. */
export type NeedSubject = Pick<Need, 'councilId' | 'isOfCommunity'>;

export interface NeedTarget extends CreateTarget {
  readonly displayName: string;
  /** False when a council is named that the community does not have. */
  readonly hasCouncil: boolean;
  /** True if the caller may state needs for the council or the community. */
  readonly mayState: boolean;
}

export interface NeedFilter {
  readonly status: Need['status'];
  readonly createdBy?: string | undefined;
  readonly councilId?: string | undefined;
  readonly isOfCommunity?: boolean | undefined;
  readonly q?: string | undefined;
  readonly isDeleted: boolean;
  readonly sort: NeedSort;
}

/** The times of a need that the clock of the database decided. */
export type NeedState = Pick<Need, 'status' | 'metAt'>;

/**
 * The needs of communities. Reads are one statement; they return undefined for what the user may not see. Writes are one
 * statement: row, event and key, or nothing. When a need was met, and whether it is open again, the clock of the database decides.
 */
export interface NeedStore {
  /** Sorted as the filter says. */
  list(
    userId: string,
    communityId: string,
    filter: NeedFilter,
    page: PageRequest<KeyPosition>,
  ): Promise<readonly Need[] | undefined>;
  /** Finds a soft-deleted need, too. */
  find(userId: string, path: NeedPath): Promise<NeedWithAccess | undefined>;
  findCreateTarget(
    userId: string,
    communityId: string,
    subject: NeedSubject,
    key: string | undefined,
  ): Promise<NeedTarget | undefined>;
  /** True if the user sees this wealth in the community. */
  hasWealth(userId: string, communityId: string, wealthId: string): Promise<boolean>;
  insert(need: Need, write: AuditedWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /**
   * Stores `next` over the version before it: a compare-and-swap. `isMetNow` notes the time and when a recurring need is open
   * again. Undefined, having changed nothing, when the user may not do so (any more) or a concurrent change won.
   */
  save(
    next: Need,
    change: { readonly isDeleted: boolean; readonly isMetNow: boolean },
    write: AuditedWrite,
  ): Promise<NeedState | undefined>;
}
