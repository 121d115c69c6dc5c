import {
  communityPermissions,
  communityRolePermissions,
  communityRoles,
  globalPermissions,
  globalRolesMax,
  grantableCommunityPermissions,
  tokenPermissions,
  type GlobalPermission,
  type GlobalPermissionExplanation,
  type PermissionMatrix,
  type Permissions,
} from '@guildhall/contracts';
import { requirePermission, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import { isSystemRole } from './own-roles.ts';
import { readPermission, type RoleRow } from './role-store.ts';
import type { Database } from './stores.ts';
import { findUser } from './users.ts';

type Context = RequestContext<SignedInCaller>;

const forTokens: ReadonlySet<string> = new Set(tokenPermissions);
const forOwnRoles: ReadonlySet<string> = new Set([...globalPermissions, ...grantableCommunityPermissions]);

const inScope = <Name extends string>(names: readonly Name[], scope: 'global' | 'community') =>
  names.map((name) => ({ name, scope, isForTokens: forTokens.has(name), isForOwnRoles: forOwnRoles.has(name) }));

/** Every permission that there is. Throws FORBIDDEN without `role:read`. */
export const listPermissions = ({ caller }: Context): Permissions => {
  requirePermission(caller.permissions, readPermission);
  return { permissions: [...inScope(globalPermissions, 'global'), ...inScope(communityPermissions, 'community')] };
};

const ofGlobalRole = ({ name, permissions }: RoleRow) => ({
  role: name,
  isSystem: isSystemRole(name),
  permissions: [...permissions],
});

/** Which role includes which permission. Throws FORBIDDEN without `role:read`. */
export const readPermissionMatrix = async ({ stores }: Database, { caller }: Context): Promise<PermissionMatrix> => {
  requirePermission(caller.permissions, readPermission);
  const roles = await stores.roles.list({ limit: globalRolesMax, after: null });
  return {
    global: roles.map(ofGlobalRole),
    community: communityRoles.map((role) => ({ role, permissions: [...communityRolePermissions[role]] })),
  };
};

type Decision = Pick<GlobalPermissionExplanation, 'isAllowed' | 'rule' | 'explanation'>;

const list = (roles: readonly string[]): string => (roles.length === 1 ? `role ${roles[0]}` : `roles ${roles.join(', ')}`);

const decide = (
  isActive: boolean,
  permission: GlobalPermission,
  {
    held,
    granting,
    others,
  }: { readonly held: readonly string[]; readonly granting: readonly string[]; readonly others: readonly string[] },
): Decision => {
  if (!isActive)
    return {
      isAllowed: false,
      rule: 'status',
      explanation: 'The account is suspended: nobody signs in to it, and its tokens are refused.',
    };
  if (granting.length > 0)
    return {
      isAllowed: true,
      rule: 'role',
      explanation: `The ${list(granting)} ${granting.length === 1 ? 'includes' : 'include'} ${permission}.`,
    };
  const has =
    held.length === 0
      ? 'The user holds no role'
      : `The ${list(held)} of the user ${held.length === 1 ? 'does' : 'do'} not include ${permission}`;
  return { isAllowed: false, rule: 'role', explanation: `${has}. These roles include it: ${others.join(', ')}.` };
};

/**
 * Says whether a user may do something outside any community, and which role decides it. A token of theirs may do that much at most. Throws FORBIDDEN without
 * `user:read`, NOT_FOUND.
 */
export const explainGlobalPermission = async (
  database: Database,
  context: Context,
  { userId, permission }: { readonly userId: string; readonly permission: GlobalPermission },
): Promise<GlobalPermissionExplanation> => {
  const { roles: held, status } = await findUser(database, context, userId);
  const roles = await database.stores.roles.list({ limit: globalRolesMax, after: null });
  const including = roles.filter(({ permissions }) => permissions.includes(permission)).map(({ name }) => name);
  const granting = held.filter((role) => including.includes(role));
  const decision = decide(status === 'active', permission, { held, granting, others: including });
  return { userId, permission, ...decision, heldRoles: held, grantingRoles: granting };
};
