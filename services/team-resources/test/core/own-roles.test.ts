import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

const expected: Readonly<Record<string, readonly string[]>> = {
  'own-role:read': ['owner', 'admin', 'moderator', 'member', 'viewer'],
  'own-role:create': ['owner', 'admin'],
  'own-role:update': ['owner', 'admin'],
  'own-role:delete': ['owner', 'admin'],
};

test('who may do what with own roles: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('own-role:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  expect(Object.fromEntries(table)).toEqual(expected);
});
