import { describe, expect, it } from 'vitest';
import {
  communityPermissions,
  communityRoleMay,
  communityRolePermissions,
  communityRoles,
  communityRolesWith,
  globalPermissions,
  globalRolePermissions,
  globalRoles,
  includesRole,
} from '../src/index.ts';

describe('community roles', () => {
  it('each hold all that the roles below hold, and more', () => {
    const fromBelow = communityRoles.toReversed();
    fromBelow.slice(1).forEach((role, index) => {
      const below = communityRolePermissions[fromBelow[index] ?? role];
      expect(communityRolePermissions[role]).toEqual(expect.arrayContaining([...below]));
      expect(communityRolePermissions[role].length).toBeGreaterThan(below.length);
    });
  });

  it('name each permission once, and only ones that exist', () => {
    for (const permissions of Object.values(communityRolePermissions)) {
      expect(new Set(permissions).size).toBe(permissions.length);
      expect(communityPermissions).toEqual(expect.arrayContaining([...permissions]));
    }
  });

  it('stand in one order', () => {
    expect(communityRoles.map((role) => communityRoles.map((other) => includesRole(role, other)))).toEqual([
      [true, true, true, true, true],
      [false, true, true, true, true],
      [false, false, true, true, true],
      [false, false, false, true, true],
      [false, false, false, false, true],
    ]);
  });

  it('are found by what they may do', () => {
    expect(communityRolesWith('script:update')).toEqual(['owner', 'admin', 'moderator', 'member']);
    expect(communityRolesWith('community:delete')).toEqual(['owner']);
    for (const verb of ['read', 'create', 'update', 'delete'] as const)
      expect(communityRolesWith(`control-m:${verb}`)).toEqual(communityRolesWith(`script:${verb}`));
    expect([communityRoleMay('viewer', 'script:read'), communityRoleMay('viewer', 'script:update')]).toEqual([true, false]);
  });
});

describe('global roles', () => {
  it('name permissions that exist, and the owner has them all', () => {
    for (const role of globalRoles) expect(globalPermissions).toEqual(expect.arrayContaining([...globalRolePermissions[role]]));
    expect(globalRolePermissions.owner).toEqual(globalPermissions);
  });
});
