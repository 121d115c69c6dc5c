/** Role-based access control: the global permissions, what a user may do outside any community. `resource:action`. */
export const globalPermissions = [
  'user:read',
  'user:update',
  'role:read',
  'role:assign',
  'audit:read',
  'installation:manage',
  'community:create',
  'system:read',
  'data:read',
] as const;
export type GlobalPermission = (typeof globalPermissions)[number];

/** Permissions within one community. */
export const communityPermissions = [
  'community:read',
  'community:update',
  'community:delete',
  'member:read',
  'member:update',
  'member:remove',
  'invite:read',
  'invite:create',
  'invite:revoke',
  'own-role:read',
  'own-role:create',
  'own-role:update',
  'own-role:delete',
  'activity:read',
  'metrics:read',
  'council:read',
  'council:create',
  'council:update',
  'council:delete',
  'council-member:add',
  'council-member:remove',
  'workspace:read',
  'workspace:create',
  'workspace:update',
  'workspace:delete',
  'script:read',
  'script:create',
  'script:update',
  'script:delete',
  'control-m:read',
  'control-m:create',
  'control-m:update',
  'control-m:delete',
  'poll:read',
  'poll:vote',
  'poll:create',
  'poll:moderate',
  'forum:read',
  'forum:post',
  'forum:create',
  'forum:update',
  'forum:delete',
  'forum:moderate',
  'community-audit:read',
  'trust:read',
  'trust:award',
  'trust:grant',
  'wealth:read',
  'wealth:create',
  'wealth:update',
  'wealth:delete',
  'wealth:request',
  'wealth:moderate',
  'pool:read',
  'pool:create',
  'pool:update',
  'pool:delete',
  'pool:contribute',
  'pool:hand-out',
  'dispute:read',
  'dispute:open',
  'dispute:handle',
  'need:read',
  'need:create',
  'need:update',
  'need:moderate',
] as const;
export type CommunityPermission = (typeof communityPermissions)[number];

export const globalRoles = ['owner', 'admin', 'auditor', 'member'] as const;
export type GlobalRole = (typeof globalRoles)[number];

/** The seeded global roles. auth's migrations seed the same; a test of auth holds the two together. */
export const globalRolePermissions: Readonly<Record<GlobalRole, readonly GlobalPermission[]>> = {
  owner: globalPermissions,
  admin: ['user:read', 'user:update', 'role:read', 'role:assign', 'audit:read', 'community:create', 'system:read'],
  auditor: ['audit:read', 'role:read'],
  member: ['community:create'],
};

/** Highest first: who stands further left may grant and remove what stands to the right. */
export const communityRoles = ['owner', 'admin', 'moderator', 'member', 'viewer'] as const;
export type CommunityRole = (typeof communityRoles)[number];

const viewer: readonly CommunityPermission[] = [
  'community:read',
  'member:read',
  'own-role:read',
  'activity:read',
  'metrics:read',
  'council:read',
  'workspace:read',
  'script:read',
  'control-m:read',
  'poll:read',
  'trust:read',
  'wealth:read',
  'forum:read',
  'pool:read',
  'dispute:read',
  'need:read',
];
const member: readonly CommunityPermission[] = [
  ...viewer,
  'workspace:create',
  'workspace:update',
  'script:create',
  'script:update',
  'script:delete',
  'control-m:create',
  'control-m:update',
  'control-m:delete',
  'poll:vote',
  'poll:create',
  'trust:award',
  'wealth:create',
  'wealth:update',
  'wealth:delete',
  'wealth:request',
  'forum:post',
  'pool:contribute',
  'dispute:open',
  'need:create',
  'need:update',
];
const moderator: readonly CommunityPermission[] = [
  ...member,
  'invite:read',
  'invite:create',
  'invite:revoke',
  'workspace:delete',
  'poll:moderate',
  'forum:create',
  'forum:update',
  'forum:delete',
  'forum:moderate',
];
const admin: readonly CommunityPermission[] = [
  ...moderator,
  'community:update',
  'member:update',
  'member:remove',
  'own-role:create',
  'own-role:update',
  'own-role:delete',
  'council:create',
  'council:update',
  'council:delete',
  'council-member:add',
  'council-member:remove',
  'community-audit:read',
  'trust:grant',
  'wealth:moderate',
  'pool:create',
  'pool:update',
  'pool:delete',
  'pool:hand-out',
  'dispute:handle',
  'need:moderate',
];

export const communityRolePermissions: Readonly<Record<CommunityRole, readonly CommunityPermission[]>> = {
  viewer,
  member,
  moderator,
  admin,
  owner: communityPermissions,
};

/** The permissions that a community may put into a role of its own: none of those that only owners have. */
export const grantableCommunityPermissions: readonly CommunityPermission[] = admin;

/**
 * A role as a member holds it: a built-in one by its name, or one of the community's own by its permissions, as `own:` followed by
 * them, separated by spaces.
 */
export type HeldRole = CommunityRole | `own:${string}`;

const ownPrefix = 'own:';
const builtIn = new Map<string, ReadonlySet<string>>(
  communityRoles.map((role) => [role, new Set(communityRolePermissions[role])]),
);

/** The permissions of a role of the community's own as its holder holds them. */
export const heldRoleOf = (permissions: readonly string[]): HeldRole => `${ownPrefix}${permissions.join(' ')}`;

/** The permissions that a role includes. */
const permissionsOfRole = (role: HeldRole): ReadonlySet<string> =>
  builtIn.get(role) ?? new Set(role.slice(ownPrefix.length).split(' '));

/** True if a role in a community includes a permission. */
export const communityRoleMay = (role: HeldRole, permission: CommunityPermission): boolean =>
  permissionsOfRole(role).has(permission);

/** The built-in roles that hold a permission, highest first: for statements that re-check it. */
export const communityRolesWith = (permission: CommunityPermission): readonly CommunityRole[] =>
  communityRoles.filter((role) => communityRoleMay(role, permission));

/** True if `role` includes every permission of `other`: for built-in roles, if it ranks at or above it. */
export const includesRole = (role: HeldRole, other: HeldRole): boolean =>
  permissionsOfRole(other).isSubsetOf(permissionsOfRole(role));

/** The lowest built-in role that includes all of the permissions. */
export const rankOfPermissions = (permissions: readonly string[]): CommunityRole =>
  communityRoles.findLast((role) => new Set(permissions).isSubsetOf(permissionsOfRole(role))) ?? 'owner';

/** A role in words: the name of a built-in one. */
export const roleText = (role: HeldRole): string => (builtIn.has(role) ? role : 'one of its own');
