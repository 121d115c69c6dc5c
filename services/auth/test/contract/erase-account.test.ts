import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { auditOf, misshapenEvents, userChangesOf } from './events.ts';
import { clientAddress, password, problem, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const erase = ({ asCaller }: SignedIn, body: unknown = { password }) =>
  fixture.ask('POST', '/v1/auth/me/erase', { body, headers: asCaller });
const ended = problem(401, 'SESSION_ENDED', 'The session has ended', 'This session has ended. Sign in again.');

/** The rows of auth, its queue of events apart, that contain a text. */
const rowsWith = async (text: string): Promise<readonly string[]> => {
  const TableRow = uncheckedRow({ name: Type.String() });
  const tables = ['users', 'user_passwords', 'user_roles', 'sessions', 'auth_codes', 'oauth_connections', 'setup_tokens'];
  const queries = tables.map(
    (name) => sql.fragment`
      SELECT ${name}::text AS name FROM ${sql.identifier(['auth', name])} AS t WHERE strpos(to_jsonb(t)::text, ${text}) > 0`,
  );
  const found = await fixture.tables.connection.any(sql.type(TableRow)`${sql.join(queries, sql.fragment` UNION ALL `)}`);
  return found.map(({ name }) => name).toSorted();
};

test('an account is erased with its password: nothing personal is left, every session ends, and the others are told', async () => {
  const user = await fixture.signUp();
  const second = await fixture.asSignedIn(user.email);
  await fixture.grant(user.userId, 'auditor');

  expect(await erase(user)).toMatchObject({ status: 204, body: null });

  for (const { asCaller } of [user, second])
    expect((await fixture.ask('GET', '/v1/auth/me', { headers: asCaller })).body).toEqual(ended);
  expect((await fixture.post('/v1/auth/refresh', { refreshToken: second.tokens.refreshToken })).status).toBe(401);
  expect((await fixture.logIn(user.email)).body).toMatchObject({ code: 'WRONG_PASSWORD' });
  expect(await rowsWith(user.email)).toEqual([]);
  expect(await rowsWith(user.userId)).toEqual(['sessions', 'sessions', 'users']);
  const SessionRow = uncheckedRow({ ipAddress: Type.String(), deviceLabel: Type.String(), isRevoked: Type.Boolean() });
  const kept = await fixture.tables.connection.any(sql.type(SessionRow)`
    SELECT ip_address, device_label, revoked_at IS NOT NULL AS is_revoked FROM auth.sessions WHERE user_id = ${user.userId}`);
  expect(kept).toEqual([1, 2].map(() => ({ ipAddress: '', deviceLabel: '', isRevoked: true })));

  const actor = { type: 'user', id: user.userId, sessionId: user.sessionId, ip: clientAddress };
  expect(await auditOf(fixture.tables, user.userId)).toContainEqual({
    actor,
    action: 'user.erase',
    resource: { type: 'user', id: user.userId },
    result: 'success',
    requestId: expect.any(String),
    service: 'auth',
  });
  for (const { sessionId } of [user, second])
    expect(await auditOf(fixture.tables, sessionId)).toContainEqual(
      expect.objectContaining({ action: 'session.revoke', changes: [{ path: '/reason', after: 'account-erased' }] }),
    );
  const { version } = (await userChangesOf(fixture.tables, user.userId)).at(-1) as { version: number };
  expect(await userChangesOf(fixture.tables, user.userId)).toContainEqual({
    userId: user.userId,
    displayName: 'Erased user',
    version,
    status: 'erased',
    email: user.email,
  });
  expect(version).toBeGreaterThan(1);
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
  const before = user.userId.slice(0, -1);
  const listed = await fixture.ask<{ users: unknown[] }>('GET', `/internal/users?after=${before}&limit=1`, {
    headers: await fixture.asService('team-resources'),
  });
  expect(listed.body.users).toContainEqual({ userId: user.userId, displayName: 'Erased user', version, status: 'erased' });
});

test('the address is free again, for somebody new', async () => {
  const user = await fixture.signUp();
  await erase(user);
  await fixture.register(user.email);
  await fixture.spendCode(user.email, await fixture.codeFor(user.email), fixture.codeTokenOf(user.email, 2));
  const again = await fixture.asSignedIn(user.email);
  expect(again.userId).not.toBe(user.userId);
});

test('a wrong password erases nothing, is audited, and is delayed like a log-in', async () => {
  const user = await fixture.signUp();
  for (let count = 0; count < 4; count += 1)
    expect((await erase(user, { password: 'not it' })).body).toMatchObject({ status: 401, code: 'WRONG_PASSWORD' });
  expect((await erase(user)).body).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  expect((await fixture.ask('GET', '/v1/auth/me', { headers: user.asCaller })).status).toBe(200);
  expect(await auditOf(fixture.tables, user.userId)).toContainEqual(
    expect.objectContaining({ action: 'user.erase', result: 'denied' }),
  );
  fixture.clock.advance(600);
});

test('the last owner stays: of two who erase themselves at once, one does', async () => {
  await fixture.removeOwners();
  const [one, other] = [await fixture.signUp(), await fixture.signUp()];
  await fixture.grant(one.userId, 'owner');
  await fixture.grant(other.userId, 'owner');
  const answers = await Promise.all([erase(one), erase(other)]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
  const [left] = [one, other].filter((_user, index) => answers[index]?.status === 409);
  expect((await erase(left ?? one)).body).toEqual(
    problem(
      409,
      'CONFLICT',
      'In conflict with what is there',
      'The last owner of this installation cannot be erased. Give the role to someone else first.',
    ),
  );
});

test('refuses who comes without a principal, and a session that has ended', async () => {
  expect((await fixture.ask('POST', '/v1/auth/me/erase', { body: { password } })).status).toBe(401);
  const user = await fixture.signUp();
  await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
  expect((await erase(user)).body).toEqual(ended);
});
