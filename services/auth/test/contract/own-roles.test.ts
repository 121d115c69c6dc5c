import { randomUUID } from 'node:crypto';
import { globalPermissions, globalRoles, globalRolesMax } from '@guildhall/contracts';
import { sql, uncheckedRow } from '@guildhall/db';
import { timesAtOnce } from '@guildhall/testkit';
import { decodeJwt } from 'jose';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf, misshapenEvents } from './events.ts';
import { clientAddress, problem, startFixture, type Fixture, type SignedIn, type TokenPair } from './fixture.ts';

let fixture: Fixture;
let owner: SignedIn;
let admin: SignedIn;
beforeAll(async () => {
  fixture = await startFixture();
  owner = await fixture.signUpWithRole('owner');
  admin = await fixture.signUpWithRole('admin');
});
afterAll(() => fixture.close());

interface Role {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly isSystem: boolean;
  readonly version: number;
}
const newName = (): string => `role-${randomUUID().replaceAll(/[^a-z]/g, '')}`;
/** The header of a caller as of now: the clock of these tests runs ahead. */
const as = ({ userId, sessionId, tokens }: SignedIn) =>
  fixture.asCaller(userId, sessionId, decodeJwt<{ permissions: string[] }>(tokens.accessToken).permissions);
const create = async (caller: SignedIn, name: string, permissions: readonly string[]) =>
  fixture.ask<Role>('POST', '/v1/roles', { headers: await as(caller), body: { name, permissions } });
const update = async (caller: SignedIn, name: string, permissions: readonly string[], version = 1) =>
  fixture.ask<Role>('PATCH', `/v1/roles/${name}`, {
    headers: { ...(await as(caller)), 'if-match': `"${version}"` },
    body: { permissions },
  });
const remove = async (caller: SignedIn, name: string, version = 1) =>
  fixture.ask('DELETE', `/v1/roles/${name}`, { headers: { ...(await as(caller)), 'if-match': `"${version}"` } });
const read = async (name: string) => fixture.ask<Role>('GET', `/v1/roles/${name}`, { headers: await as(admin) });
const assign = async (caller: SignedIn, userId: string, role: string, method: 'PUT' | 'DELETE' = 'PUT') =>
  fixture.ask(method, `/v1/users/${userId}/roles/${role}`, { headers: await as(caller) });

/** A role that somebody holds. */
const giveNewRole = async (permissions: readonly string[]) => {
  const [name, holder] = [newName(), await fixture.signUp()];
  await create(owner, name, permissions);
  await assign(owner, holder.userId, name);
  return { name, holder };
};
const permissionsOf = async ({ email }: SignedIn): Promise<readonly string[]> =>
  decodeJwt<{ permissions: string[] }>((await fixture.logIn(email)).body.accessToken).permissions;
const endedSince = async (time: string): Promise<readonly { userId: string; accessVersion: number }[]> => {
  const headers = await fixture.asService();
  const { body } = await fixture.ask<{ accounts: { userId: string; accessVersion: number }[] }>(
    'GET',
    `/internal/revoked-sessions?since=${time}`,
    { headers },
  );
  return body.accounts;
};
const rolesOfTrail = async (name: string) =>
  (await auditOf(fixture.tables, name)).map(({ action, result, changes }) => ({ action, result, changes }));

const tooMuch = problem(403, 'FORBIDDEN', 'Not allowed', 'This role permits more than you may do yourself.');
const notAllowed = problem(403, 'FORBIDDEN', 'Not allowed', 'This needs the permission role:assign.');
const conflict = (detail: string) => problem(409, 'CONFLICT', 'In conflict with what is there', detail);
const noRole = problem(404, 'NOT_FOUND', 'Not found', 'There is no such role.');
const isSystem = conflict('Every installation has this role: it is neither changed nor deleted.');

describe('POST /v1/roles', () => {
  test('creates a role of permissions, which is listed, read and told to the audit', async () => {
    const name = newName();
    const answer = await create(admin, name, ['user:read', 'role:read']);
    const role = { name, permissions: ['role:read', 'user:read'], isSystem: false, version: 1 };
    expect([answer.status, answer.body]).toEqual([201, role]);
    expect([answer.headers.get('location'), answer.headers.get('etag')]).toEqual([`/v1/roles/${name}`, '"1"']);
    const found = await read(name);
    expect([found.body, found.headers.get('etag')]).toEqual([role, '"1"']);
    const { body: list } = await fixture.ask<{ items: Role[] }>('GET', '/v1/roles?limit=100', { headers: await as(admin) });
    expect(list.items).toContainEqual(role);
    expect(await auditOf(fixture.tables, name)).toEqual([
      {
        actor: { type: 'user', id: admin.userId, sessionId: admin.sessionId, ip: clientAddress },
        action: 'role.create',
        resource: { type: 'role', id: name, name },
        result: 'success',
        changes: [{ path: '/permissions', after: ['role:read', 'user:read'] }],
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
  });

  test('answers the same role to a repeated request, also ten at once, and refuses other permissions under its name', async () => {
    const name = newName();
    const answers = await timesAtOnce(10, () => create(admin, name, ['audit:read']));
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(await rolesOfTrail(name)).toHaveLength(1);
    expect((await create(admin, name, ['role:read'])).body).toEqual(conflict('There is a role of this name already.'));
    expect((await read(name)).body.permissions).toEqual(['audit:read']);
  });

  test('refuses who holds less, and who may not assign roles, and tells the audit', async () => {
    const name = newName();
    expect((await create(admin, name, ['user:read', 'installation:manage'])).body).toEqual(tooMuch);
    expect((await create(await fixture.signUp(), name, ['community:create'])).body).toEqual(notAllowed);
    expect((await read(name)).body).toEqual(noRole);
    expect((await rolesOfTrail(name)).map(({ action, result }) => [action, result])).toContainEqual(['role.create', 'denied']);
  });

  test('takes no name that every installation has, no unknown permission, none at all and none twice', async () => {
    expect((await create(owner, 'member', ['user:read'])).body).toEqual(conflict('There is a role of this name already.'));
    expect((await create(owner, 'member', ['community:create'])).status).toBe(409);
    for (const permissions of [['user:erase'], ['script:read'], [], ['user:read', 'user:read']])
      expect((await create(owner, newName(), permissions)).status).toBe(400);
    expect((await create(owner, 'Not A Name', ['user:read'])).status).toBe(400);
  });

  test('looks into the database, not into the token', async () => {
    const former = await fixture.signUpWithRole('admin');
    await fixture.tables.connection.query(sql.unsafe`DELETE FROM auth.user_roles WHERE user_id = ${former.userId}`);
    expect((await create(former, newName(), ['user:read'])).body).toEqual(notAllowed);
    const { userId, email } = await fixture.signUpWithRole('admin');
    const signedOut = await fixture.asSignedIn(email);
    await fixture.ask('POST', '/v1/auth/logout', { headers: await as(signedOut) });
    expect([(await create(signedOut, newName(), ['user:read'])).status, userId]).toEqual([401, signedOut.userId]);
  });
});

describe('PUT /v1/users/:userId/roles/:role with an own role', () => {
  test('gives what is in it and no more, by those alone who hold all of it', async () => {
    const name = newName();
    await create(owner, name, ['installation:manage', 'user:read']);
    const { userId, email } = await fixture.signUp();
    expect((await assign(admin, userId, name)).body).toEqual(tooMuch);
    expect((await assign(owner, userId, name)).status).toBe(204);
    const holder = await fixture.asSignedIn(email);
    expect(await permissionsOf(holder)).toEqual(['community:create', 'installation:manage', 'user:read']);
    expect((await fixture.ask('GET', '/v1/users', { headers: await as(holder) })).status).toBe(200);
    expect((await assign(holder, holder.userId, 'owner')).body).toEqual(notAllowed);
    expect((await assign(admin, userId, name, 'DELETE')).body).toEqual(tooMuch);
  });

  test('lets a holder of role:assign make and give no more than that', async () => {
    const { holder } = await giveNewRole(['role:assign', 'user:read']);
    const helper = await fixture.asSignedIn(holder.email);
    expect((await create(helper, newName(), ['user:update'])).body).toEqual(tooMuch);
    expect((await assign(helper, helper.userId, 'admin')).body).toEqual(tooMuch);
    expect((await create(helper, newName(), ['user:read', 'role:assign'])).status).toBe(201);
  });
});

describe('PATCH /v1/roles/:role', () => {
  test('changes what holders may do, and ends the access tokens of all of them, and of nobody else', async () => {
    const { name, holder } = await giveNewRole(['audit:read', 'user:read']);
    const other = await fixture.signUp();
    await assign(owner, other.userId, name);
    fixture.clock.advance(60);
    const start = fixture.clock.now().toISOString();
    expect(await endedSince(start)).toEqual([]);
    const answer = await update(admin, name, ['audit:read', 'role:read']);
    expect([answer.status, answer.headers.get('etag'), answer.body]).toEqual([
      200,
      '"2"',
      { name, permissions: ['audit:read', 'role:read'], isSystem: false, version: 2 },
    ]);
    expect((await endedSince(start)).map(({ userId }) => userId).toSorted()).toEqual([holder.userId, other.userId].toSorted());
    const refreshed = await fixture.post<TokenPair>('/v1/auth/refresh', { refreshToken: holder.tokens.refreshToken });
    expect(decodeJwt(refreshed.body.accessToken)).toMatchObject({
      permissions: ['audit:read', 'community:create', 'role:read'],
      accessVersion: 2,
    });
    expect((await rolesOfTrail(name)).at(-1)).toEqual({
      action: 'role.update',
      result: 'success',
      changes: [{ path: '/permissions', before: ['audit:read', 'user:read'], after: ['audit:read', 'role:read'] }],
    });
  });

  test('needs every permission before and after: neither adds nor takes what the caller does not hold', async () => {
    const { name } = await giveNewRole(['user:read']);
    expect((await update(admin, name, ['user:read', 'installation:manage'])).body).toEqual(tooMuch);
    await update(owner, name, ['user:read', 'installation:manage']);
    expect((await update(admin, name, ['user:read'], 2)).body).toEqual(tooMuch);
    expect((await update(await fixture.signUp(), name, ['community:create'], 2)).body).toEqual(notAllowed);
    expect((await read(name)).body).toMatchObject({ permissions: ['installation:manage', 'user:read'], version: 2 });
    expect((await rolesOfTrail(name)).filter(({ result }) => result === 'denied').length).toBeGreaterThan(0);
  });

  test.each(globalRoles)('leaves %s as it is: the last owner keeps what owners may do', async (name) => {
    const before = (await read(name)).body;
    expect((await update(owner, name, ['community:create'])).body).toEqual(isSystem);
    expect((await remove(owner, name)).body).toEqual(isSystem);
    expect((await read(name)).body).toEqual(before);
  });

  test('wants the version that was seen, answers the same again for no change, and 404 for no role', async () => {
    const name = newName();
    await create(owner, name, ['user:read', 'audit:read']);
    expect((await update(owner, name, ['role:read'], 7)).status).toBe(412);
    expect((await update(owner, name, ['audit:read', 'user:read'])).body.version).toBe(1);
    expect((await update(owner, newName(), ['role:read'])).body).toEqual(noRole);
    const answers = await timesAtOnce(8, () => update(owner, name, ['role:read']));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array<number>(7).fill(412),
    ]);
    expect((await rolesOfTrail(name)).filter(({ action }) => action === 'role.update')).toHaveLength(1);
  });

  test('overlapping an assignment ends the access tokens of the new holder, too', async () => {
    for (let round = 0; round < 8; round += 1) {
      const name = newName();
      await create(owner, name, ['audit:read', 'user:read']);
      const { userId, email } = await fixture.signUp();
      const [assigned, updated] = await Promise.all([assign(owner, userId, name), update(owner, name, ['audit:read'])]);
      expect([assigned.status, updated.status]).toEqual([204, 200]);
      expect(await permissionsOf(await fixture.asSignedIn(email))).toEqual(['audit:read', 'community:create']);
    }
  });

  test('of two roles with the same holders at once makes both changes', async () => {
    const [one, other] = [newName(), newName()];
    const people = [await fixture.signUp(), await fixture.signUp(), await fixture.signUp()];
    for (const name of [one, other]) {
      await create(owner, name, ['audit:read']);
      for (const { userId } of people) await assign(owner, userId, name);
    }
    for (let version = 1; version < 6; version += 1) {
      const permissions = [version % 2 === 0 ? 'audit:read' : 'user:read'];
      const answers = await Promise.all([update(owner, one, permissions, version), update(owner, other, permissions, version)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    }
  });
});

describe('DELETE /v1/roles/:role', () => {
  test('deletes what nobody holds, and keeps what somebody does', async () => {
    const { name, holder } = await giveNewRole(['user:read']);
    expect((await remove(admin, name)).body).toEqual(conflict('Users hold this role. Take it from them first.'));
    await assign(admin, holder.userId, name, 'DELETE');
    expect((await remove(admin, name, 3)).status).toBe(412);
    expect((await remove(admin, name)).status).toBe(204);
    expect([(await read(name)).body, (await remove(admin, name)).body]).toEqual([noRole, noRole]);
    expect((await rolesOfTrail(name)).at(-1)).toEqual({
      action: 'role.delete',
      result: 'success',
      changes: [{ path: '/permissions', before: ['user:read'] }],
    });
    expect((await create(admin, name, ['audit:read'])).body.version).toBe(1);
  });

  test('refuses who does not hold all of it', async () => {
    const name = newName();
    await create(owner, name, [...globalPermissions]);
    expect((await remove(admin, name)).body).toEqual(tooMuch);
    expect((await read(name)).status).toBe(200);
  });

  test('and an assignment at once leave a role with its holder, or neither', async () => {
    for (let round = 0; round < 8; round += 1) {
      const name = newName();
      await create(owner, name, ['user:read']);
      const { userId } = await fixture.signUp();
      const [assigned, removed] = await Promise.all([assign(owner, userId, name), remove(owner, name)]);
      expect([
        [204, 409],
        [404, 204],
      ]).toContainEqual([assigned.status, removed.status]);
    }
  });
});

const CountRow = uncheckedRow({ total: Type.Integer() });

test('there are at most as many roles as the limit says', async () => {
  const { connection } = fixture.tables;
  const { total } = await connection.one(sql.type(CountRow)`SELECT count(id) AS total FROM auth.roles`);
  await connection.query(sql.unsafe`
    INSERT INTO auth.roles (name, permissions)
    SELECT concat('planted-', number::text), ARRAY['user:read'] FROM generate_series(1, ${globalRolesMax - total}) AS number`);
  expect((await create(owner, newName(), ['user:read'])).body).toEqual(
    conflict('There are 100 roles, the most that there may be. Delete one first.'),
  );
  expect((await create(owner, 'planted-', ['user:read'])).status).toBe(409);
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
