import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with wealth: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('wealth:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  const members = ['owner', 'admin', 'moderator', 'member'];
  expect(Object.fromEntries(table)).toEqual({
    'wealth:read': [...members, 'viewer'],
    'wealth:create': members,
    'wealth:update': members,
    'wealth:delete': members,
    'wealth:request': members,
    'wealth:moderate': ['owner', 'admin'],
  });
});
