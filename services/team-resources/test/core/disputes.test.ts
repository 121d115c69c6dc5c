import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with disputes: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('dispute:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  expect(Object.fromEntries(table)).toEqual({
    'dispute:read': ['owner', 'admin', 'moderator', 'member', 'viewer'],
    'dispute:open': ['owner', 'admin', 'moderator', 'member'],
    'dispute:handle': ['owner', 'admin'],
  });
});
