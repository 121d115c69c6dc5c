import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with pools: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('pool:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  const [members, admins] = [
    ['owner', 'admin', 'moderator', 'member'],
    ['owner', 'admin'],
  ];
  expect(Object.fromEntries(table)).toEqual({
    'pool:read': [...members, 'viewer'],
    'pool:create': admins,
    'pool:update': admins,
    'pool:delete': admins,
    'pool:contribute': members,
    'pool:hand-out': admins,
  });
});
