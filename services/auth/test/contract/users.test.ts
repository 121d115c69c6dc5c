import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf, misshapenEvents, userChangesOf } from './events.ts';
import { clientAddress, problem, startFixture, type Fixture, type SignedIn } from './fixture.ts';

interface User {
  readonly id: string;
  readonly displayName: string;
  readonly status: string;
  readonly version: number;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const withRole = (role: string): Promise<SignedIn> => fixture.signUpWithRole(role);
const onlyOwners = async (count: number): Promise<readonly SignedIn[]> => {
  await fixture.removeOwners();
  return Promise.all(Array.from({ length: count }, () => withRole('owner')));
};
const read = <T = User>(caller: SignedIn, path: string) => fixture.ask<T>('GET', path, { headers: caller.asCaller });
const setStatus = (caller: SignedIn, userId: string, status: string, ifMatch = '*') =>
  fixture.ask<User>('PATCH', `/v1/users/${userId}`, { body: { status }, headers: { ...caller.asCaller, 'if-match': ifMatch } });
const endSessions = (caller: SignedIn, userId: string) =>
  fixture.ask('DELETE', `/v1/users/${userId}/sessions`, { headers: caller.asCaller });
const meStatus = async ({ asCaller }: SignedIn) => (await fixture.ask('GET', '/v1/auth/me', { headers: asCaller })).status;

const namesOf = ({ body }: { readonly body: Page<User> }) => body.items.map(({ displayName }) => displayName);

const needs = (permission: string) => problem(403, 'FORBIDDEN', 'Not allowed', `This needs the permission ${permission}.`);
const tooMighty = problem(403, 'FORBIDDEN', 'Not allowed', 'This user may do more than you may yourself.');
const noUser = problem(404, 'NOT_FOUND', 'Not found', 'There is no such user.');
const conflict = (detail: string) => problem(409, 'CONFLICT', 'In conflict with what is there', detail);
const lastOwner = conflict('The last active owner cannot be suspended. Give the role to someone else first.');

describe('GET /v1/users', () => {
  test('lists accounts by name, page by page, as they were searched for', async () => {
    const admin = await withRole('admin');
    const word = randomUUID().slice(0, 8);
    const names = ['b', 'C', 'a'].map((letter) => `${letter} ${word}`);
    for (const displayName of names) await fixture.signUp({ displayName });
    const list = (query: string) => read<Page<User>>(admin, `/v1/users?q=${word.toUpperCase()}&${query}`);
    const first = await list('sort=name&limit=2');
    const second = await list(`sort=name&limit=2&cursor=${encodeURIComponent(first.body.nextCursor ?? '')}`);
    expect([...namesOf(first), ...namesOf(second)]).toEqual([`a ${word}`, `b ${word}`, `C ${word}`]);
    expect(second.body.nextCursor).toBeNull();
    const newest = await list('limit=1');
    const rest = await list(`cursor=${encodeURIComponent(newest.body.nextCursor ?? '')}`);
    expect([...namesOf(newest), ...namesOf(rest)]).toEqual(names.toReversed());
  });

  test('finds by address, role and status, and no erased account', async () => {
    const admin = await withRole('admin');
    const auditor = await withRole('auditor');
    const suspended = await fixture.signUp();
    const erased = await fixture.signUp();
    expect((await setStatus(admin, suspended.userId, 'suspended')).status).toBe(200);
    await fixture.ask('POST', '/v1/auth/me/erase', { body: { password: 'a long and quiet sentence' }, headers: erased.asCaller });
    const idsOf = async (query: string) => (await read<Page<User>>(admin, `/v1/users?${query}`)).body.items.map(({ id }) => id);
    expect(await idsOf(`q=${auditor.email}`)).toEqual([auditor.userId]);
    expect(await idsOf(`q=${auditor.email}&role=admin`)).toEqual([]);
    expect(await idsOf('role=auditor&limit=100')).toContain(auditor.userId);
    expect(await idsOf(`q=${suspended.email}&status=suspended`)).toEqual([suspended.userId]);
    expect(await idsOf(`q=${suspended.email}&status=active`)).toEqual([]);
    expect(await idsOf('status=suspended&limit=100')).toContain(suspended.userId);
    const all = await idsOf('limit=100');
    expect([all.includes(suspended.userId), all.includes(erased.userId)]).toEqual([true, false]);
  });

  test('is for holders of user:read', async () => {
    const auditor = await withRole('auditor');
    for (const path of ['/v1/users', `/v1/users/${auditor.userId}`, `/v1/users/${auditor.userId}/sessions`])
      expect((await read(auditor, path)).body).toEqual(needs('user:read'));
  });
});

describe('GET /v1/users/:userId', () => {
  test('answers the account with its version', async () => {
    const admin = await withRole('admin');
    const { userId, email } = await fixture.signUp();
    const { body, headers } = await read(admin, `/v1/users/${userId}`);
    expect(body).toEqual({
      id: userId,
      email,
      isEmailVerified: true,
      displayName: 'Ada',
      status: 'active',
      roles: ['member'],
      version: 1,
      createdAt: expect.any(String),
    });
    expect(headers.get('etag')).toBe('"1"');
    expect((await read(admin, '/v1/users/nobody')).body).toEqual(noUser);
  });

  test('is answered anew when only a role has changed, as the own account is', async () => {
    const admin = await withRole('admin');
    await fixture.grant(admin.userId, 'auditor');
    for (const path of [`/v1/users/${admin.userId}`, '/v1/auth/me']) {
      const headers = { ...admin.asCaller, 'if-none-match': '"1"' };
      const { status, body } = await fixture.ask<{ roles: string[] }>('GET', path, { headers });
      expect({ status, roles: body.roles }).toEqual({ status: 200, roles: ['admin', 'auditor', 'member'] });
    }
  });
});

describe('PATCH /v1/users/:userId', () => {
  test('suspends: every session ends, nobody signs in, the audit and the other services are told; and undoes it', async () => {
    const admin = await withRole('admin');
    const user = await fixture.signUp();
    const suspended = await setStatus(admin, user.userId, 'suspended', '"1"');
    expect(suspended).toMatchObject({ status: 200, body: { id: user.userId, status: 'suspended', version: 2 } });
    expect(await meStatus(user)).toBe(401);
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken })).status).toBe(401);
    expect(await fixture.logIn(user.email)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_SUSPENDED' } });
    expect(await setStatus(admin, user.userId, 'suspended')).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await setStatus(admin, user.userId, 'active', '"2"')).toMatchObject({ status: 200, body: { version: 3 } });
    expect((await fixture.logIn(user.email)).status).toBe(200);
    const actor = { type: 'user', id: admin.userId, sessionId: admin.sessionId, ip: clientAddress };
    const common = { actor, result: 'success', requestId: 'request-1', service: 'auth' };
    const updated = (await auditOf(fixture.tables, user.userId)).filter(({ action }) => action === 'user.update');
    expect(updated).toEqual(
      [
        ['active', 'suspended'],
        ['suspended', 'active'],
      ].map(([before, after]) => ({
        ...common,
        action: 'user.update',
        resource: { type: 'user', id: user.userId, name: 'Ada' },
        changes: [{ path: '/status', before, after }],
      })),
    );
    expect((await auditOf(fixture.tables, user.sessionId)).at(-1)).toEqual({
      ...common,
      action: 'session.revoke',
      resource: { type: 'session', id: user.sessionId },
      changes: [{ path: '/reason', after: 'suspended' }],
    });
    expect((await userChangesOf(fixture.tables, user.userId)).slice(1)).toEqual([
      { userId: user.userId, displayName: 'Ada', version: 2, status: 'suspended' },
      { userId: user.userId, displayName: 'Ada', version: 3, status: 'active' },
    ]);
  });

  test('refuses who may not, an unknown user, an old version, a session that has ended, and the own account', async () => {
    const admin = await withRole('admin');
    const member = await fixture.signUp();
    expect((await setStatus(member, admin.userId, 'suspended')).body).toEqual(needs('user:update'));
    expect((await auditOf(fixture.tables, admin.userId)).at(-1)).toMatchObject({ action: 'user.update', result: 'denied' });
    expect((await setStatus(admin, 'nobody', 'suspended')).body).toEqual(noUser);
    expect((await setStatus(admin, member.userId, 'suspended', '"7"')).status).toBe(412);
    expect((await setStatus(admin, admin.userId, 'suspended')).body).toEqual(conflict('You cannot suspend your own account.'));
    await fixture.ask('POST', '/v1/auth/logout', { headers: admin.asCaller });
    expect(await setStatus(admin, member.userId, 'suspended')).toMatchObject({ status: 401, body: { code: 'SESSION_ENDED' } });
    expect(await meStatus(member)).toBe(200);
  });

  test('refuses an account that may do more, and looks into the database for it', async () => {
    const [owner] = await onlyOwners(2);
    const admin = await withRole('admin');
    expect((await setStatus(admin, owner?.userId ?? '', 'suspended')).body).toEqual(tooMighty);
    expect((await endSessions(admin, owner?.userId ?? '')).body).toEqual(tooMighty);
    await fixture.tables.connection.query(
      sql.unsafe`DELETE FROM auth.user_roles WHERE user_id = ${admin.userId} AND role = 'admin'`,
    );
    const member = await fixture.signUp();
    expect((await setStatus(admin, member.userId, 'suspended')).body).toEqual(needs('user:update'));
  });

  test('leaves an active owner when two suspend each other at once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [one, other] = await onlyOwners(2);
      if (one === undefined || other === undefined) throw new Error('There are two owners.');
      const answers = await Promise.all([setStatus(one, other.userId, 'suspended'), setStatus(other, one.userId, 'suspended')]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect([401, 409]).toContain(answers.find(({ status }) => status !== 200)?.status);
    }
  });

  test('a suspended owner counts as none: the other one is neither erased nor without the role', async () => {
    const [one, other] = await onlyOwners(2);
    if (one === undefined || other === undefined) throw new Error('There are two owners.');
    expect((await setStatus(one, other.userId, 'suspended')).status).toBe(200);
    const role = (userId: string) => fixture.ask('DELETE', `/v1/users/${userId}/roles/owner`, { headers: one.asCaller });
    expect((await role(one.userId)).status).toBe(409);
    const body = { password: 'a long and quiet sentence' };
    expect((await fixture.ask('POST', '/v1/auth/me/erase', { body, headers: one.asCaller })).status).toBe(409);
    expect((await role(other.userId)).status).toBe(204);
  });

  test('keeps the last owner active, whoever asks', async () => {
    const [owner, second] = await onlyOwners(2);
    if (owner === undefined || second === undefined) throw new Error('There are two owners.');
    expect((await setStatus(owner, second.userId, 'suspended')).status).toBe(200);
    // One with all permissions by other roles.
    const peer = await withRole('admin');
    await fixture.tables.connection.query(sql.unsafe`
      INSERT INTO auth.roles (name, permissions) SELECT 'peer', permissions FROM auth.roles WHERE name = 'owner'`);
    await fixture.grant(peer.userId, 'peer');
    expect((await setStatus(peer, owner.userId, 'suspended')).body).toEqual(lastOwner);
    await fixture.tables.connection.query(sql.unsafe`DELETE FROM auth.user_roles WHERE role = 'peer'`);
    await fixture.tables.connection.query(sql.unsafe`DELETE FROM auth.roles WHERE name = 'peer'`);
  });
});

const erase = (caller: SignedIn, userId: string) => fixture.ask('DELETE', `/v1/users/${userId}`, { headers: caller.asCaller });

describe('DELETE /v1/users/:userId', () => {
  test('erases: nothing personal is left, every session ends, the audit and the other services are told', async () => {
    const [admin, user] = [await withRole('admin'), await fixture.signUp()];
    expect((await erase(admin, user.userId)).status).toBe(204);
    expect((await erase(admin, user.userId)).body).toEqual(noUser);
    expect([await meStatus(user), (await fixture.logIn(user.email)).status]).toEqual([401, 401]);
    const { rows } = await fixture.tables.connection.query(sql.unsafe`
      SELECT email, display_name FROM auth.users WHERE id = ${user.userId}`);
    expect(rows).toEqual([{ email: `${user.userId}@erased.invalid`, display_name: 'Erased user' }]);
    expect((await auditOf(fixture.tables, user.userId)).at(-1)).toEqual({
      actor: { type: 'user', id: admin.userId, sessionId: admin.sessionId, ip: clientAddress },
      action: 'user.erase',
      resource: { type: 'user', id: user.userId },
      result: 'success',
      requestId: 'request-1',
      service: 'auth',
    });
    expect((await userChangesOf(fixture.tables, user.userId)).at(-1)).toMatchObject({ status: 'erased', email: user.email });
  });

  test('refuses who may not, who may do less, the own account and the last owner', async () => {
    const [owner] = await onlyOwners(1);
    const [admin, member] = [await withRole('admin'), await fixture.signUp()];
    expect((await erase(member, admin.userId)).body).toEqual(needs('user:update'));
    expect((await auditOf(fixture.tables, admin.userId)).at(-1)).toMatchObject({ action: 'user.erase', result: 'denied' });
    expect((await erase(admin, owner?.userId ?? '')).body).toEqual(tooMighty);
    expect((await erase(admin, 'nobody')).body).toEqual(noUser);
    expect((await erase(admin, admin.userId)).body).toEqual(conflict('You erase your own account with your password.'));
    if (owner === undefined) throw new Error('There is an owner.');
    expect(await Promise.all([owner, admin, member].map(meStatus))).toEqual([200, 200, 200]);
  });

  test('leaves an active owner when two erase each other at once', async () => {
    const [one, other] = await onlyOwners(2);
    if (one === undefined || other === undefined) throw new Error('There are two owners.');
    const answers = await Promise.all([erase(one, other.userId), erase(other, one.userId)]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect([401, 409]).toContain(answers.find(({ status }) => status !== 204)?.status);
  });
});

describe('the sessions of a user', () => {
  test('are listed, and ended by force, which the audit is told', async () => {
    const admin = await withRole('admin');
    const user = await fixture.signUp();
    const second = await fixture.asSignedIn(user.email);
    const path = `/v1/users/${user.userId}/sessions`;
    const { body } = await read<Page<{ id: string }>>(admin, path);
    expect(body.items.map(({ id }) => id)).toEqual([second.sessionId, user.sessionId]);
    expect(Object.keys(body.items[0] ?? {}).toSorted()).toEqual(
      ['createdAt', 'deviceLabel', 'expiresAt', 'id', 'ipAddress', 'lastUsedAt'].toSorted(),
    );
    expect((await read(admin, '/v1/users/nobody/sessions')).body).toEqual(noUser);
    expect((await endSessions(admin, user.userId)).status).toBe(204);
    expect((await endSessions(admin, user.userId)).status).toBe(204);
    expect([await meStatus(user), await meStatus(second)]).toEqual([401, 401]);
    expect((await read<Page<unknown>>(admin, path)).body.items).toEqual([]);
    expect((await auditOf(fixture.tables, second.sessionId)).at(-1)).toMatchObject({
      actor: { id: admin.userId },
      action: 'session.revoke',
      changes: [{ path: '/reason', after: 'administrator' }],
    });
    expect((await fixture.logIn(user.email)).status).toBe(200);
  });

  test('of nobody, or by a member, are not', async () => {
    const [admin, member] = [await withRole('admin'), await fixture.signUp()];
    expect((await endSessions(admin, 'nobody')).body).toEqual(noUser);
    expect((await endSessions(member, admin.userId)).body).toEqual(needs('user:update'));
    expect(await meStatus(admin)).toBe(200);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
