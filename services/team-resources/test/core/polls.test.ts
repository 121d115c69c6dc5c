import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with polls: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('poll:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  expect(Object.fromEntries(table)).toEqual({
    'poll:read': ['owner', 'admin', 'moderator', 'member', 'viewer'],
    'poll:vote': ['owner', 'admin', 'moderator', 'member'],
    'poll:create': ['owner', 'admin', 'moderator', 'member'],
    'poll:moderate': ['owner', 'admin', 'moderator'],
  });
});
