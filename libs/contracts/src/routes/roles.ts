import { Type, type Static } from 'typebox';
import { field, named, pageFields, pageOf, UserId } from '../fields.ts';
import { roleName } from '../patterns.ts';
import { group } from '../route.ts';

export const Role = named('Role', 'A global role.', {
  name: field(Type.String(), 'The name of the role.', 'auditor'),
  permissions: Type.Array(Type.String({ examples: ['audit:read'] }), { description: 'What its holders may do.' }),
});
export type Role = Static<typeof Role>;

const params = {
  userId: field(UserId, 'The user.'),
  role: Type.String({ pattern: roleName, description: 'The name of the role.', examples: ['auditor'] }),
};
const subject = { type: 'user', parameter: 'userId' } as const;

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
  assignRole: {
    method: 'PUT',
    path: '/v1/users/:userId/roles/:role',
    summary: 'Give a user a global role. Nobody grants permissions they do not hold.',
    permission: 'role:assign',
    action: 'role.assign',
    subject,
    params,
    responses: { 204: null },
    errors: ['NOT_FOUND'],
  },
  removeRole: {
    method: 'DELETE',
    path: '/v1/users/:userId/roles/:role',
    summary: 'Take a global role from a user. The last owner keeps theirs.',
    permission: 'role:assign',
    action: 'role.remove',
    subject,
    params,
    responses: { 204: null },
    errors: ['NOT_FOUND', 'CONFLICT'],
  },
});
