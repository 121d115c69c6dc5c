import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with needs: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('need:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  expect(Object.fromEntries(table)).toEqual({
    'need:read': ['owner', 'admin', 'moderator', 'member', 'viewer'],
    'need:create': ['owner', 'admin', 'moderator', 'member'],
    'need:update': ['owner', 'admin', 'moderator', 'member'],
    'need:moderate': ['owner', 'admin'],
  });
});
