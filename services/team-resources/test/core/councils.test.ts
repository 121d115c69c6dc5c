import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with councils: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('council'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  expect(Object.fromEntries(table)).toEqual({
    'council:read': ['owner', 'admin', 'moderator', 'member', 'viewer'],
    'council:create': ['owner', 'admin'],
    'council:update': ['owner', 'admin'],
    'council:delete': ['owner', 'admin'],
    'council-member:add': ['owner', 'admin'],
    'council-member:remove': ['owner', 'admin'],
  });
});
