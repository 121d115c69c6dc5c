import { AppError } from '@guildhall/errors';
import { globalRoles, type GlobalPermission } from '@guildhall/contracts';
import { sessionEnded } from './sessions.ts';

export interface RoleRow {
  readonly name: string;
  readonly permissions: readonly string[];
}

export interface RoleChange {
  readonly userId: string;
  readonly role: string;
  readonly caller: { readonly userId: string; readonly sessionId: string };
}

/** What decides whether a role may be given or taken, as it is in the database now. */
export interface RoleFacts {
  readonly isCallerLive: boolean;
  readonly callerPermissions: readonly string[];
  readonly isUserThere: boolean;
  /** Null when there is no such role. */
  readonly rolePermissions: readonly string[] | null;
  readonly isHeld: boolean;
  /** How many hold the role. */
  readonly holders: number;
}

export interface Roles {
  /** By name; one more than `limit` if there are more. */
  list(page: { readonly limit: number; readonly afterName: string | null }): Promise<readonly RoleRow[]>;
  facts(change: RoleChange, now: Date): Promise<RoleFacts>;
  /** Gives the role, if all that `refusalOf` asks for still holds in this very statement. Answers whether it did. */
  assign(change: RoleChange, now: Date): Promise<boolean>;
  /** Takes the role, under the same conditions, and never from the last owner: one statement decides that too. */
  remove(change: RoleChange, now: Date): Promise<boolean>;
}

/** May hand out roles, as long as they hold no permission beyond their own. */
export const assignPermission = 'role:assign' satisfies GlobalPermission;
export const readPermission = 'role:read' satisfies GlobalPermission;
export const lastHolderRole = globalRoles[0];

/** The error that a caller gets for what they may not do; null when nothing stands against it. */
export const refusalOf = (facts: RoleFacts): AppError | null => {
  const { isCallerLive, callerPermissions, isUserThere, rolePermissions } = facts;
  const held = new Set(callerPermissions);
  if (!isCallerLive) return sessionEnded();
  if (!held.has(assignPermission)) return new AppError('FORBIDDEN', `This needs the permission ${assignPermission}.`);
  if (!isUserThere) return new AppError('NOT_FOUND', 'There is no such user.');
  if (rolePermissions === null) return new AppError('NOT_FOUND', 'There is no such role.');
  if (!rolePermissions.every((permission) => held.has(permission))) {
    return new AppError('FORBIDDEN', 'This role permits more than you may do yourself.');
  }
  return null;
};
