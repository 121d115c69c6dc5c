import { globalRoles, type GlobalPermission } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';

export interface RoleRow {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly version: number;
}

interface RoleCaller {
  readonly userId: string;
  readonly sessionId: string;
}

export interface RoleChange {
  readonly userId: string;
  readonly role: string;
  readonly caller: RoleCaller;
}

/** An own role, and who creates or changes it. */
export interface RoleWrite {
  readonly name: string;
  readonly caller: RoleCaller;
}

/** The facts that decide whether an own role may be created, changed or deleted, as they are in the database now. */
export interface OwnRoleFacts {
  readonly isCallerLive: boolean;
  readonly callerPermissions: readonly string[];
  /** Null when there is no such role. */
  readonly role: RoleRow | null;
  readonly isHeld: boolean;
  /** The number of roles. */
  readonly total: number;
}

/** The facts that decide whether a role may be assigned or removed, as they are in the database now. */
export interface RoleFacts {
  readonly isCallerLive: boolean;
  readonly callerPermissions: readonly string[];
  readonly isUserThere: boolean;
  /** Null when there is no such role. */
  readonly rolePermissions: readonly string[] | null;
  readonly isHeld: boolean;
  /** Whether the user is the only active owner. */
  readonly isLastOwner: boolean;
}

/** Global roles and who holds them. */
export interface RoleStore {
  /** Lists roles by name; `after` is the last name of the previous page. */
  list(page: PageRequest<string>): Promise<readonly RoleRow[]>;
  facts(change: RoleChange, now: Date): Promise<RoleFacts>;
  /** Assigns the role if `refusalOf` finds nothing in this very statement. Returns whether it did. */
  assign(change: RoleChange, now: Date): Promise<boolean>;
  /** Removes the role under the same conditions, and never that of the last active owner: one statement decides that too. */
  remove(change: RoleChange, now: Date): Promise<boolean>;

  find(name: string): Promise<RoleRow | null>;
  ownFacts(role: RoleWrite, now: Date): Promise<OwnRoleFacts>;
  /** Creates a role while the caller holds its permissions and there are fewer than `max`. Null if nothing was created. */
  create(role: RoleWrite & { readonly permissions: readonly string[] }, max: number, now: Date): Promise<RoleRow | null>;
  /** Locks a role until the end of the transaction: assignments wait, so that the next statement sees every holder. */
  lock(name: string): Promise<void>;
  /**
   * Changes the permissions of that version while the caller holds those before and after, and ends the access tokens of every holder. The
   * role must be locked, and no system role. Null if nothing was changed.
   */
  update(
    change: RoleWrite & { readonly permissions: readonly string[]; readonly version: number },
    now: Date,
  ): Promise<RoleRow | null>;
  /** Deletes that version while nobody holds it and the caller holds its permissions. The role must be locked, and no system role. */
  delete(target: RoleWrite & { readonly version: number }, now: Date): Promise<boolean>;
}

/** Lets a caller assign roles whose permissions they all have themselves. */
export const assignPermission = 'role:assign' satisfies GlobalPermission;
export const readPermission = 'role:read' satisfies GlobalPermission;
export const lastHolderRole = globalRoles[0];
