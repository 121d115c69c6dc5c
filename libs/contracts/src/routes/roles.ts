import { Type, type Static } from 'typebox';
import { field, named, pageFields, pageOf, UserId, Version } from '../fields.ts';
import { roleName } from '../patterns.ts';
import { globalPermissions } from '../permissions.ts';
import { group } from '../route.ts';
import { RoleImpact, roleDryRunFields } from './role-impact.ts';

const RoleName = Type.String({ pattern: roleName, description: 'The name of the role.', examples: ['auditor'] });
const OwnRoleName = Type.String({
  pattern: roleName,
  description: 'What the own role is called, for good: tokens and the audit trail carry it.',
  examples: ['help-desk'],
});
const OwnPermissions = Type.Array(Type.Enum([...globalPermissions], { examples: ['user:read'] }), {
  minItems: 1,
  maxItems: globalPermissions.length,
  uniqueItems: true,
  description: 'What its holders may do.',
  examples: [['role:read', 'user:read']],
});

/** The most global roles of an installation, those that every installation has among them. */
export const globalRolesMax = 100;

export const Role = named('Role', 'A global role: one that every installation has, or one of its own, made of permissions.', {
  name: field(Type.String(), 'The name of the role.', 'auditor'),
  permissions: Type.Array(Type.String({ examples: ['audit:read'] }), { description: 'What its holders may do.' }),
  isSystem: Type.Boolean({ description: 'Whether every installation has it: it is neither changed nor deleted.' }),
  version: Version,
});
export type Role = Static<typeof Role>;

const ofUser = { userId: field(UserId, 'The user.'), role: RoleName };
const ofRole = { role: RoleName };
const user = { type: 'user', parameter: 'userId' } as const;
const role = { type: 'role', parameter: 'role' } as const;

export const userTag = { name: 'users and roles', description: 'The accounts, the global roles and who holds them.' };

export const roleRoutes = group(userTag, {
  listRoles: {
    method: 'GET',
    path: '/v1/roles',
    summary: 'The global roles and what each may do.',
    permission: 'role:read',
    action: 'role.list',
    subject: { type: 'role', id: 'all' },
    query: pageFields,
    responses: { 200: pageOf('Role', Role) },
  },
  createRole: {
    method: 'POST',
    path: '/v1/roles',
    summary:
      'Create a global role of permissions that the caller holds. Repeated with the same permissions it answers the role that there is.',
    permission: 'role:assign',
    action: 'role.create',
    subject: { type: 'role', id: 'new' },
    body: { name: OwnRoleName, permissions: OwnPermissions },
    responses: { 201: Role },
    answersVersion: true,
    location: '/v1/roles/:id',
    errors: ['CONFLICT'],
  },
  getRole: {
    method: 'GET',
    path: '/v1/roles/:role',
    summary: 'One global role.',
    permission: 'role:read',
    action: 'role.read',
    subject: role,
    params: ofRole,
    responses: { 200: Role },
    answersVersion: true,
    errors: ['NOT_FOUND'],
  },
  updateRole: {
    method: 'PATCH',
    path: '/v1/roles/:role',
    summary:
      'Change what an own role permits. It needs every permission that it has before and after, and acts on all holders within two seconds.',
    permission: 'role:assign',
    action: 'role.update',
    subject: role,
    params: ofRole,
    body: { permissions: OwnPermissions },
    query: roleDryRunFields,
    responses: { 200: Type.Union([Role, RoleImpact]) },
    isVersioned: true,
    answersVersion: true,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  deleteRole: {
    method: 'DELETE',
    path: '/v1/roles/:role',
    summary: 'Delete an own role that nobody holds. It needs every permission that it has.',
    permission: 'role:assign',
    action: 'role.delete',
    subject: role,
    params: ofRole,
    responses: { 204: null },
    isVersioned: true,
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
  assignRole: {
    method: 'PUT',
    path: '/v1/users/:userId/roles/:role',
    summary: 'Give a user a global role. Nobody grants permissions they do not hold.',
    permission: 'role:assign',
    action: 'role.assign',
    subject: user,
    params: ofUser,
    query: roleDryRunFields,
    responses: { 200: RoleImpact, 204: null },
    errors: ['NOT_FOUND'],
  },
  removeRole: {
    method: 'DELETE',
    path: '/v1/users/:userId/roles/:role',
    summary: 'Take a global role from a user. The last owner keeps theirs.',
    permission: 'role:assign',
    action: 'role.remove',
    subject: user,
    params: ofUser,
    query: roleDryRunFields,
    responses: { 200: RoleImpact, 204: null },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
