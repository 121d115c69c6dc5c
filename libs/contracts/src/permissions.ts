/** Role-based access control: the global permissions, what a user may do outside any community. `resource:action`. */
export const globalPermissions = [
  'user:read',
  'user:update',
  'role:read',
  'role:assign',
  'audit:read',
  'installation:manage',
  'community:create',
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
  admin: ['user:read', 'user:update', 'role:read', 'role:assign', 'audit:read', 'community:create'],
  auditor: ['audit:read', 'role:read'],
  member: ['community:create'],
};

/** Highest first: who stands further left may grant and remove what stands to the right. */
export const communityRoles = ['owner', 'admin', 'moderator', 'member', 'viewer'] as const;
export type CommunityRole = (typeof communityRoles)[number];

const viewer: readonly CommunityPermission[] = [
  'community:read',
  'member:read',
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

const sets = new Map(communityRoles.map((role) => [role, new Set<string>(communityRolePermissions[role])]));

/** True if a community role has a permission. */
export const communityRoleMay = (role: CommunityRole, permission: CommunityPermission): boolean =>
  sets.get(role)?.has(permission) ?? false;

/** The community roles that hold a permission, highest first: for statements that re-check it. */
export const communityRolesWith = (permission: CommunityPermission): readonly CommunityRole[] =>
  communityRoles.filter((role) => communityRoleMay(role, permission));

/** True if `role` ranks at or above `other`. */
export const ranksAtLeast = (role: CommunityRole, other: CommunityRole): boolean =>
  communityRoles.indexOf(role) <= communityRoles.indexOf(other);
