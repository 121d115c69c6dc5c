import { globalRoles, type GlobalPermission } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';

export interface RoleRow {
  readonly name: string;
  readonly permissions: readonly string[];
}

export interface RoleChange {
  readonly userId: string;
  readonly role: string;
  readonly caller: { readonly userId: string; readonly sessionId: string };
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
}

/** Lets a caller assign roles whose permissions they all have themselves. */
export const assignPermission = 'role:assign' satisfies GlobalPermission;
export const readPermission = 'role:read' satisfies GlobalPermission;
export const lastHolderRole = globalRoles[0];
