import { communityPermissions, communityRoleMay, communityRoles } from '@guildhall/contracts';
import { expect, test } from 'vitest';

test('who may do what with forums: the whole table', () => {
  const own = communityPermissions.filter((permission) => permission.startsWith('forum:'));
  const table = own.map((permission) => [permission, communityRoles.filter((role) => communityRoleMay(role, permission))]);
  const moderators = ['owner', 'admin', 'moderator'];
  expect(Object.fromEntries(table)).toEqual({
    'forum:read': [...moderators, 'member', 'viewer'],
    'forum:post': [...moderators, 'member'],
    'forum:create': moderators,
    'forum:update': moderators,
    'forum:delete': moderators,
    'forum:moderate': moderators,
  });
});
