import { Type, type Static } from 'typebox';
import { field, named, UserId } from '../fields.ts';
import { communityPermissions, communityRoles, globalPermissions } from '../permissions.ts';
import { group } from '../route.ts';
import { userTag } from './roles.ts';

const GlobalPermissionField = Type.Enum([...globalPermissions], {
  description: 'A global permission: what may be done to which noun outside any community.',
  examples: ['audit:read'],
});

const Permission = named('Permission', 'A permission: what may be done to which noun.', {
  name: Type.Enum([...globalPermissions, ...communityPermissions], {
    description: 'The permission, `resource:action`.',
    examples: ['audit:read'],
  }),
  scope: Type.Enum(['global', 'community'], {
    description: 'Whether global roles include it, or roles within one community.',
    examples: ['global'],
  }),
  isForTokens: Type.Boolean({ description: 'Whether a personal access token can have it.' }),
  roles: Type.Array(Type.String({ examples: ['auditor'] }), {
    description:
      'The roles that include it, of those in its scope that every installation or community has, and own global ones.',
  }),
  isForOwnRoles: Type.Boolean({
    description: 'Whether a role that is not one of every installation or community can have it.',
  }),
});

const Permissions = named('Permissions', 'Every permission that there is.', {
  permissions: Type.Array(Permission, { description: 'The global ones, and then those within a community.' }),
});
export type Permissions = Static<typeof Permissions>;

const names = (description: string) => Type.Array(Type.String({ examples: ['audit:read'] }), { description });

const PermissionMatrix = named('PermissionMatrix', 'Which role includes which permission.', {
  global: Type.Array(
    named('GlobalRolePermissions', 'A global role and its permissions.', {
      role: field(Type.String(), 'The name of the role.', 'auditor'),
      isSystem: Type.Boolean({ description: 'Whether every installation has it.' }),
      permissions: names('What its holders may do.'),
    }),
    { description: 'The global roles, by name, own ones among them.' },
  ),
  community: Type.Array(
    named('CommunityRolePermissions', 'A role of every community and its permissions.', {
      role: Type.Enum([...communityRoles], { description: 'The role.', examples: ['member'] }),
      permissions: names('What its holders may do in the community.'),
    }),
    { description: 'The roles of every community, highest first. The own roles of a community are at its address.' },
  ),
});
export type PermissionMatrix = Static<typeof PermissionMatrix>;

const GlobalPermissionExplanation = named(
  'GlobalPermissionExplanation',
  'Whether a user may do something outside any community, and why.',
  {
    userId: field(UserId, 'The user.'),
    permission: GlobalPermissionField,
    isAllowed: Type.Boolean({ description: 'Whether the user may.' }),
    rule: Type.Enum(['status', 'role'], {
      description: 'The rule that decided: the account is suspended, or the roles of the user.',
      examples: ['role'],
    }),
    heldRoles: names('The global roles of the user, by name.'),
    grantingRoles: names('Those of them that include the permission.'),
    explanation: Type.String({
      description: 'The decision in words.',
      examples: ['The role auditor includes audit:read.'],
    }),
  },
);
export type GlobalPermissionExplanation = Static<typeof GlobalPermissionExplanation>;

const all = { type: 'permission', id: 'all' } as const;

export const permissionRoutes = group(userTag, {
  listPermissions: {
    method: 'GET',
    path: '/v1/permissions',
    summary: 'Every permission that there is, global and within a community.',
    permission: 'role:read',
    action: 'permission.list',
    subject: all,
    responses: { 200: Permissions },
  },
  getPermissionMatrix: {
    method: 'GET',
    path: '/v1/permissions/matrix',
    summary: 'Which role includes which permission: the global roles, and those of every community.',
    permission: 'role:read',
    action: 'permission.read',
    subject: all,
    responses: { 200: PermissionMatrix },
  },
  explainGlobalPermission: {
    method: 'GET',
    path: '/v1/permissions/explain',
    summary:
      'Whether a user may do something outside any community, and which role decides it. Within a community, `GET /v1/communities/:communityId/permissions/explain` says so.',
    permission: 'user:read',
    action: 'permission.explain',
    subject: all,
    query: { userId: field(UserId, 'The user.'), permission: GlobalPermissionField },
    responses: { 200: GlobalPermissionExplanation },
    errors: ['NOT_FOUND'],
  },
});
