import { Type, type Static } from 'typebox';
import {
  atLeastOne,
  CommunityId,
  CreatedAt,
  CreatedBy,
  Description,
  field,
  Name,
  named,
  namedListFields,
  pageOf,
  UpdatedAt,
  Uuid,
  Version,
} from '../fields.ts';
import { grantableCommunityPermissions } from '../permissions.ts';
import { ofCommunity, operationsOf } from '../operations.ts';
import { group } from '../route.ts';
import { ChangeImpact, dryRunFields, orImpact } from './change-impact.ts';

/** The own role of a member or an invite. */
export const HeldOwnRole = named('HeldOwnRole', 'A role of the community’s own, as a member holds it or an invite gives it.', {
  id: field(Uuid, 'The own role.', '5b8f1a3d-7c42-4e69-9d0a-2f6e8b1c4a75'),
  name: field(Name, 'What it is called.', 'Operator'),
});
export type HeldOwnRole = Static<typeof HeldOwnRole>;

/** The most own roles of one community. */
export const ownRolesMax = 50;

export const OwnRoleId = field(Uuid, 'The own role.', '5b8f1a3d-7c42-4e69-9d0a-2f6e8b1c4a75');
const RoleName = field(Name, 'What it is called: unlike the built-in roles, and once in a community, in any case.', 'Operator');
const RoleDescription = field(Description, 'What it is for.', 'Runs the night batch.');
const Permissions = Type.Array(Type.Enum([...grantableCommunityPermissions]), {
  uniqueItems: true,
  maxItems: grantableCommunityPermissions.length,
  description: 'What its holders may do beside reading the community; nothing that only owners may.',
  examples: [['script:read', 'script:update', 'workspace:read']],
});

export const OwnRole = named('OwnRole', 'A role of the community’s own, made of permissions.', {
  id: OwnRoleId,
  communityId: CommunityId,
  name: RoleName,
  description: RoleDescription,
  permissions: Type.Array(Type.Enum([...grantableCommunityPermissions]), {
    description: 'What its holders may do, in alphabetical order. Reading the community is always among them.',
    examples: [['community:read', 'script:read', 'script:update', 'workspace:read']],
  }),
  createdBy: CreatedBy,
  createdByName: Type.String({ description: 'The name of who created it.', examples: ['Ada Lovelace'] }),
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
});
export type OwnRole = Static<typeof OwnRole>;

const ownRole = operationsOf({
  type: 'own-role',
  path: '/v1/communities/:communityId/roles',
  parent: ofCommunity,
  id: { ownRoleId: OwnRoleId },
  schema: OwnRole,
});

const tag = { name: 'own roles', description: 'Roles of a community’s own, made of permissions.' };

export const ownRoleRoutes = group(tag, {
  listOwnRoles: {
    ...ownRole.list,
    summary: 'The own roles of a community; with `state=deleted` those that the caller may restore.',
    permission: 'own-role:read',
    query: namedListFields,
    responses: { 200: pageOf('OwnRole', OwnRole) },
  },
  createOwnRole: {
    ...ownRole.create,
    summary: 'Create a role of the community’s own. Nobody puts a permission into it that they do not hold.',
    permission: 'own-role:create',
    body: { name: RoleName, description: Type.Optional(RoleDescription), permissions: Permissions },
    errors: ['CONFLICT'],
  },
  getOwnRole: {
    ...ownRole.get,
    summary: 'One own role.',
    permission: 'own-role:read',
  },
  updateOwnRole: {
    ...ownRole.update,
    summary:
      'Change an own role: its holders gain and lose permissions at once. It needs every permission that it has before and after.',
    permission: 'own-role:update',
    changesMemberships: true,
    query: dryRunFields,
    responses: { 200: orImpact(OwnRole) },
    body: atLeastOne({
      name: Type.Optional(RoleName),
      description: Type.Optional(RoleDescription),
      permissions: Type.Optional(Permissions),
    }),
    errors: ['CONFLICT'],
  },
  deleteOwnRole: {
    ...ownRole.delete,
    summary: 'Delete an own role that nobody holds and no open invite gives; it can be restored.',
    permission: 'own-role:delete',
    query: dryRunFields,
    responses: { 200: ChangeImpact, 204: null },
    errors: ['CONFLICT'],
  },
  restoreOwnRole: {
    ...ownRole.restore,
    summary: 'Bring a deleted own role back. It needs every permission that it has.',
    permission: 'own-role:delete',
    errors: ['CONFLICT'],
  },
});
