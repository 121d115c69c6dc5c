import { randomUUID } from 'node:crypto';
import {
  communityPermissions,
  communityRolePermissions,
  communityRoles,
  globalPermissions,
  globalRolePermissions,
  type GlobalPermissionExplanation,
  type PermissionMatrix,
  type Permissions,
  type RoleImpact,
} from '@guildhall/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from './events.ts';
import { problem, startFixture, type Fixture, type SignedIn } from './fixture.ts';

let fixture: Fixture;
let owner: SignedIn;
let admin: SignedIn;
let auditor: SignedIn;
beforeAll(async () => {
  fixture = await startFixture();
  owner = await fixture.signUpWithRole('owner');
  admin = await fixture.signUpWithRole('admin');
  auditor = await fixture.signUpWithRole('auditor');
});
afterAll(() => fixture.close());

const get = <T>(route: string, { asCaller }: SignedIn) => fixture.ask<T>('GET', route, { headers: asCaller });
const needs = (permission: string) => problem(403, 'FORBIDDEN', 'Not allowed', `This needs the permission ${permission}.`);
const newRole = async (permissions: readonly string[]): Promise<string> => {
  const name = `role-${randomUUID().replaceAll(/[^a-z]/g, '')}`;
  await fixture.ask('POST', '/v1/roles', { headers: owner.asCaller, body: { name, permissions } });
  return name;
};
const holderOf = async (...roles: readonly string[]): Promise<SignedIn> => {
  const holder = await fixture.signUp();
  for (const role of roles) await fixture.grant(holder.userId, role);
  return holder;
};

const explain = (userId: string, permission: string, caller = admin) =>
  get<GlobalPermissionExplanation>(`/v1/permissions/explain?userId=${userId}&permission=${permission}`, caller);

const tryUpdate = (name: string, permissions: readonly string[], { caller = owner, query = '' } = {}) =>
  fixture.ask<RoleImpact>('PATCH', `/v1/roles/${name}?dryRun=true${query}`, {
    headers: { ...caller.asCaller, 'if-match': '"1"' },
    body: { permissions },
  });
const tryChange = (method: 'PUT' | 'DELETE', userId: string, role: string, caller = owner) =>
  fixture.ask<RoleImpact>(method, `/v1/users/${userId}/roles/${role}?dryRun=true`, { headers: caller.asCaller });

describe('GET /v1/permissions', () => {
  test('lists every permission with its scope, and what tokens and own roles can have', async () => {
    const { body } = await get<Permissions>('/v1/permissions', auditor);
    expect(body.permissions.map(({ name, scope }) => `${scope} ${name}`)).toEqual([
      ...globalPermissions.map((name) => `global ${name}`),
      ...communityPermissions.map((name) => `community ${name}`),
    ]);
    const named = (name: string) => body.permissions.find((each) => each.name === name);
    expect(named('audit:read')).toMatchObject({ scope: 'global', isForTokens: true, isForOwnRoles: true });
    expect(named('audit:read')?.roles).toEqual(expect.arrayContaining(['admin', 'auditor', 'owner']));
    expect(named('poll:moderate')?.roles).toEqual(['owner', 'admin', 'moderator']);
    expect(named('community:delete')).toMatchObject({ isForTokens: false, isForOwnRoles: false });
    expect((await get('/v1/permissions', await fixture.signUp())).body).toEqual(needs('role:read'));
  });
});

describe('GET /v1/permissions/matrix', () => {
  test('says which role includes what, own global roles among them', async () => {
    const name = await newRole(['user:read', 'role:read']);
    const { body } = await get<PermissionMatrix>('/v1/permissions/matrix', auditor);
    expect(body.global.find(({ role }) => role === name)).toEqual({
      role: name,
      isSystem: false,
      permissions: ['role:read', 'user:read'],
    });
    const system = body.global.filter((role) => role.isSystem);
    expect(Object.fromEntries(system.map(({ role, permissions }) => [role, permissions.toSorted()]))).toEqual(
      Object.fromEntries(Object.entries(globalRolePermissions).map(([role, permissions]) => [role, permissions.toSorted()])),
    );
    expect(body.community).toEqual(communityRoles.map((role) => ({ role, permissions: communityRolePermissions[role] })));
    expect((await get('/v1/permissions/matrix', await fixture.signUp())).body).toEqual(needs('role:read'));
  });
});

describe('GET /v1/permissions/explain', () => {
  test('names the roles that give it, or those that would', async () => {
    const { userId } = await holderOf('auditor');
    const heldRoles = ['auditor', 'member'];
    expect((await explain(userId, 'audit:read')).body).toEqual({
      userId,
      permission: 'audit:read',
      isAllowed: true,
      rule: 'role',
      heldRoles,
      grantingRoles: ['auditor'],
      explanation: 'The role auditor includes audit:read.',
    });
    expect((await explain(userId, 'installation:manage')).body).toEqual({
      userId,
      permission: 'installation:manage',
      isAllowed: false,
      rule: 'role',
      heldRoles,
      grantingRoles: [],
      // Own roles of other tests may include it, too.
      explanation: expect.stringMatching(
        /^The roles auditor, member of the user do not include installation:manage\. These roles include it: (?:[\w-]+, )*owner(?:, [\w-]+)*\.$/,
      ) as string,
    });
  });

  test('says the same as what a sign-in gets, for every permission and role', async () => {
    for (const user of [owner, admin, auditor, await fixture.signUp()])
      for (const permission of globalPermissions) {
        const { body } = await explain(user.userId, permission);
        const me = await get<{ permissions: string[] }>('/v1/auth/me', user);
        expect([permission, body.isAllowed]).toEqual([permission, me.body.permissions.includes(permission)]);
      }
  });

  test('says no of a suspended account, and nothing of one that is not there, nor to who may not read accounts', async () => {
    const { userId } = await holderOf('auditor');
    const headers = { ...admin.asCaller, 'if-match': '"1"' };
    await fixture.ask('PATCH', `/v1/users/${userId}`, { headers, body: { status: 'suspended' } });
    expect((await explain(userId, 'audit:read')).body).toMatchObject({
      isAllowed: false,
      rule: 'status',
      grantingRoles: ['auditor'],
    });
    expect((await explain(randomUUID(), 'audit:read')).status).toBe(404);
    expect((await explain(userId, 'audit:read', auditor)).body).toEqual(needs('user:read'));
    expect((await explain(userId, 'script:read')).status).toBe(400);
  });
});

describe('a dry run of a change of global roles', () => {
  test('of an own role says who gains and loses what, whatever other roles give, page by page, and changes nothing', async () => {
    const name = await newRole(['user:read', 'role:read']);
    const [plain, alsoAuditor, alsoAdmin] = [
      await holderOf(name),
      await holderOf(name, 'auditor'),
      await holderOf(name, 'admin'),
    ];
    const expected = [
      { userId: plain.userId, displayName: 'Ada', gains: ['audit:read'], losses: ['user:read'] },
      { userId: alsoAuditor.userId, displayName: 'Ada', gains: [], losses: ['user:read'] },
    ].toSorted((one, other) => (one.userId < other.userId ? -1 : 1));
    const impact = await tryUpdate(name, ['role:read', 'audit:read']);
    expect([impact.status, impact.body]).toEqual([
      200,
      {
        holderCount: 2,
        permissions: [
          { permission: 'audit:read', gained: 1, lost: 0 },
          { permission: 'user:read', gained: 0, lost: 2 },
        ],
        holders: expected,
        nextAfter: null,
      },
    ]);
    const first = (await tryUpdate(name, ['role:read', 'audit:read'], { query: '&limit=1' })).body;
    expect([first.holders, first.nextAfter]).toEqual([expected.slice(0, 1), expected[0]?.userId]);
    const second = (await tryUpdate(name, ['role:read', 'audit:read'], { query: `&limit=1&after=${first.nextAfter}` })).body;
    expect([second.holders, second.holderCount, second.nextAfter]).toEqual([expected.slice(1), 2, null]);
    expect((await tryUpdate(name, ['role:read', 'user:read'])).body).toEqual({
      holderCount: 0,
      permissions: [],
      holders: [],
      nextAfter: null,
    });
    const kept = await get<{ permissions: string[]; version: number }>(`/v1/roles/${name}`, admin);
    expect(kept.body).toMatchObject({ permissions: ['role:read', 'user:read'], version: 1 });
    expect((await auditOf(fixture.tables, name)).map(({ action }) => action)).toEqual(['role.create']);
    expect((await get('/v1/auth/me', alsoAdmin)).status).toBe(200);
  });

  test('is what the change then does: the permissions of every holder before and after', async () => {
    const name = await newRole(['user:read', 'system:read']);
    const holders = [await holderOf(name), await holderOf(name, 'auditor'), await holderOf(name, 'admin')];
    const permissionsNow = async () =>
      new Map(
        await Promise.all(
          holders.map(async (holder): Promise<[string, readonly string[]]> => {
            const { body } = await get<{ permissions: string[] }>('/v1/auth/me', holder);
            return [holder.userId, body.permissions];
          }),
        ),
      );
    const before = await permissionsNow();
    const impact = (await tryUpdate(name, ['audit:read', 'system:read'])).body;
    const headers = { ...owner.asCaller, 'if-match': '"1"' };
    await fixture.ask('PATCH', `/v1/roles/${name}`, { headers, body: { permissions: ['audit:read', 'system:read'] } });
    const after = await permissionsNow();
    for (const { userId } of holders) {
      const told = impact.holders.find((holder) => holder.userId === userId) ?? { gains: [], losses: [] };
      const [had, has] = [before.get(userId) ?? [], after.get(userId) ?? []];
      expect([told.gains, told.losses]).toEqual([
        has.filter((permission) => !had.includes(permission)),
        had.filter((permission) => !has.includes(permission)),
      ]);
    }
  });

  test('of giving a role or taking it says what that one account gains and loses', async () => {
    const { userId } = await holderOf('auditor');
    const name = await newRole(['audit:read', 'user:read']);
    const gained = (await tryChange('PUT', userId, name)).body;
    expect(gained.holders).toEqual([{ userId, displayName: 'Ada', gains: ['user:read'], losses: [] }]);
    expect((await tryChange('PUT', userId, 'auditor')).body.holderCount).toBe(0);
    const lost = (await tryChange('DELETE', userId, 'auditor')).body;
    expect(lost).toEqual({
      holderCount: 1,
      permissions: [
        { permission: 'audit:read', gained: 0, lost: 1 },
        { permission: 'role:read', gained: 0, lost: 1 },
      ],
      holders: [{ userId, displayName: 'Ada', gains: [], losses: ['audit:read', 'role:read'] }],
      nextAfter: null,
    });
    expect((await tryChange('DELETE', userId, name)).status).toBe(404);
  });

  test('is refused as the change is, also to the last owner, and the denial is recorded', async () => {
    const name = await newRole(['installation:manage']);
    const { userId } = await fixture.signUp();
    expect((await tryUpdate(name, ['user:read'], { caller: admin })).status).toBe(403);
    expect((await tryChange('PUT', userId, name, admin)).status).toBe(403);
    expect((await tryChange('DELETE', owner.userId, 'owner')).status).toBe(409);
    expect((await tryUpdate('auditor', ['user:read'])).status).toBe(409);
    const denied = (await auditOf(fixture.tables, userId)).filter(({ result }) => result === 'denied');
    expect(denied.map(({ action }) => action)).toEqual(['role.assign']);
    const stale = { ...owner.asCaller, 'if-match': '"7"' };
    const body = { permissions: ['user:read'] };
    expect((await fixture.ask('PATCH', `/v1/roles/${name}?dryRun=true`, { headers: stale, body })).status).toBe(412);
  });

  test('names the accounts to who may read accounts alone', async () => {
    const [assigner, name] = [await newRole(['role:assign', 'role:read', 'audit:read']), await newRole(['audit:read'])];
    const [caller, holder] = [await fixture.signUpWithRole(assigner), await holderOf(name)];
    expect(holder.userId).not.toBe(caller.userId);
    const { body } = await tryUpdate(name, ['role:read'], { caller });
    expect(body).toMatchObject({ holderCount: 1, holders: [], nextAfter: null });
  });
});
