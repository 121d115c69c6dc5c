import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with trust: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('trust:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  expect(Object.fromEntries(table)).toEqual({
    'trust:read': ['owner', 'admin', 'moderator', 'member', 'viewer'],
    'trust:award': ['owner', 'admin', 'moderator', 'member'],
    'trust:grant': ['owner', 'admin'],
  });
});
