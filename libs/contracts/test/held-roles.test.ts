import { describe, expect, test } from 'vitest';
import {
  communityPermissions,
  communityRoleMay,
  communityRolePermissions,
  communityRoles,
  grantableCommunityPermissions,
  heldRoleOf,
  includesRole,
  rankOfPermissions,
  roleText,
} from '../src/index.ts';

const own = heldRoleOf(['community:read', 'script:read', 'script:update']);

describe('a role as it is held', () => {
  test('an own one includes its permissions, and no other', () => {
    expect(communityPermissions.filter((permission) => communityRoleMay(own, permission))).toEqual([
      'community:read',
      'script:read',
      'script:update',
    ]);
  });

  test('one without permissions includes none, as that of a deleted own role', () => {
    expect(communityPermissions.filter((permission) => communityRoleMay('own:', permission))).toEqual([]);
  });

  test('one includes another when it has all of its permissions', () => {
    const reader = heldRoleOf(['community:read', 'script:read']);
    expect([includesRole(own, reader), includesRole(reader, own), includesRole(own, own)]).toEqual([true, false, true]);
    expect([includesRole('member', own), includesRole('viewer', own), includesRole(own, 'viewer')]).toEqual([true, false, false]);
  });

  test('the rank is the lowest built-in role that includes it', () => {
    for (const role of communityRoles) expect(rankOfPermissions(communityRolePermissions[role])).toBe(role);
    expect([
      rankOfPermissions(['community:read']),
      rankOfPermissions(['script:update']),
      rankOfPermissions(['trust:grant']),
    ]).toEqual(['viewer', 'member', 'admin']);
  });

  test('what only owners may is in no own role', () => {
    expect(communityPermissions.filter((permission) => !grantableCommunityPermissions.includes(permission))).toEqual([
      'community:delete',
    ]);
  });

  test('in words it is its name, where it has one', () => {
    expect([roleText('admin'), roleText(own)]).toEqual(['admin', 'one of its own']);
  });
});
