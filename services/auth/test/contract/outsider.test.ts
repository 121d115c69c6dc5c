import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { createServiceClient } from '@guildhall/testkit/service';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { start } from '../../src/wire.ts';
import { auditOf } from './events.ts';
import { password, type SignedIn, type TokenPair } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

/** Attempts from outside at two replicas at once: each knows what the other has seen. */
const fixture = useAuthService();
let closeReplica: () => Promise<void>;
let urls: readonly string[];
beforeAll(async () => {
  const { config, clock, log, pool } = fixture;
  const replica = await start({ ...config, setupTokenFile: null }, log, { now: clock.now, passwords: pool });
  await waitFor(async () => (await fetch(`${replica.url}/readyz`)).ok, { what: 'the replica' });
  urls = [fixture.url, replica.url];
  closeReplica = replica.close;
});
afterAll(() => closeReplica());

/** Sends to the replicas in turn. */
const post = <T>(nth: number, route: string, body: unknown, ip = '198.51.100.7') =>
  createServiceClient('auth', urls[nth % urls.length] ?? '', fixture.clock.now).ask<T>('POST', route, { body, ip });
const manyTimes = <T>(count: number, send: (nth: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, nth) => send(nth)));
const countsOf = (answers: readonly { readonly status: number }[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(answers, ({ status }) => status)).map(([status, found = []]) => [status, found.length]),
  );

const refresh = (nth: number, refreshToken: string) => post<TokenPair>(nth, '/v1/auth/refresh', { refreshToken });

describe('a refresh token at two replicas', () => {
  test('is exchanged once, however many send it at once, and all of them get the same pair', async () => {
    const { tokens, sessionId } = await fixture.signUp();
    const answers = await manyTimes(40, (nth) => refresh(nth, tokens.refreshToken));
    expect([countsOf(answers), new Set(answers.map(({ body }) => body.refreshToken)).size]).toEqual([{ 200: 40 }, 1]);
    expect(await auditOf(fixture.tables, sessionId)).toHaveLength(1);
  });

  test('that comes back after the grace ends the session at both', async () => {
    const { tokens } = await fixture.signUp();
    const { body: next } = await refresh(0, tokens.refreshToken);
    fixture.clock.advance(11);
    expect((await refresh(1, tokens.refreshToken)).status).toBe(401);
    expect(countsOf(await manyTimes(4, (nth) => refresh(nth, next.refreshToken)))).toEqual({ 401: 4 });
  });
});

describe('guesses at two replicas at once', () => {
  test('of a code that signs in are five in all, and the right one is none any more', async () => {
    const { email } = await fixture.signUp();
    const { body } = await post<{ codeToken: string }>(0, '/v1/auth/codes', { email, purpose: 'otp' });
    const code = await fixture.codeFor(email);
    const wrong = (nth: number) => String((Number(code) + 1 + nth) % 100_000_000).padStart(8, '0');
    const guess = (nth: number, given: string) =>
      post(nth, '/v1/auth/codes/verify', { email, purpose: 'otp', code: given, codeToken: body.codeToken });
    expect(countsOf(await manyTimes(30, (nth) => guess(nth, wrong(nth))))).toEqual({ 422: 30 });
    expect((await guess(1, code)).status).toBe(422);
  });

  test('of a password are no more than one after the other, in whatever case the address is written', async () => {
    const { email } = await fixture.signUp();
    const logIn = (nth: number) =>
      post(
        nth,
        '/v1/auth/login',
        { email: nth % 3 === 0 ? email.toUpperCase() : email, password: `wrong guess ${nth}` },
        '203.0.113.9',
      );
    const counts = countsOf(await manyTimes(40, logIn));
    expect(counts[401]).toBeLessThanOrEqual(5);
    expect((counts[401] ?? 0) + (counts[429] ?? 0)).toBe(40);
    fixture.clock.advance(3_600);
  });

  test('a code is good once: of many uses of the right one at once one opens a session', async () => {
    const { email, userId } = await fixture.signUp();
    const { body } = await post<{ codeToken: string }>(1, '/v1/auth/codes', { email, purpose: 'otp' });
    const code = await fixture.codeFor(email);
    const use = (nth: number) => post(nth, '/v1/auth/codes/verify', { email, purpose: 'otp', code, codeToken: body.codeToken });
    expect(countsOf(await manyTimes(20, use))[200]).toBe(1);
    const live = await fixture.tables.connection.query(sql.unsafe`
      SELECT id FROM auth.sessions WHERE user_id = ${userId} AND revoked_at IS NULL`);
    expect(live.rowCount).toBe(2);
  });
});

const OwnerRow = uncheckedRow({ count: Type.Integer() });
const activeOwners = async (): Promise<number> =>
  (
    await fixture.tables.connection.one(sql.type(OwnerRow)`
      SELECT count(*) AS count FROM auth.user_roles AS assigned JOIN auth.users AS holder ON holder.id = assigned.user_id
      WHERE assigned.role = 'owner' AND holder.status = 'active' AND holder.deleted_at IS NULL`)
  ).count;

/** Every way in which an owner loses the seat, by themselves or by another. */
const waysOut: readonly ((one: SignedIn, other: SignedIn, nth: number) => Promise<unknown>)[] = [
  ({ asCaller }, _other, nth) => send(nth, 'POST', '/v1/auth/me/erase', asCaller, { password }),
  ({ asCaller }, _other, nth) => send(nth, 'POST', '/v1/auth/me/deactivate', asCaller, { password }),
  ({ asCaller, userId }, _other, nth) => send(nth, 'DELETE', `/v1/users/${userId}/roles/owner`, asCaller),
  ({ asCaller }, { userId }, nth) => send(nth, 'DELETE', `/v1/users/${userId}/roles/owner`, asCaller),
  ({ asCaller }, { userId }, nth) => send(nth, 'DELETE', `/v1/users/${userId}`, asCaller),
  ({ asCaller }, { userId }, nth) =>
    send(nth, 'PATCH', `/v1/users/${userId}`, { ...asCaller, 'if-match': '*' }, { status: 'suspended' }),
];
const send = (nth: number, method: string, route: string, headers: Record<string, string>, body?: unknown) =>
  createServiceClient('auth', urls[nth % urls.length] ?? '', fixture.clock.now).ask(method, route, { headers, body });

test('the last owner stays, whatever way out two owners take or are shown at the same moment', async () => {
  const left: number[] = [];
  for (const [nth, leave] of waysOut.entries()) {
    const remove = waysOut[(nth + 1) % waysOut.length] ?? leave;
    await fixture.removeOwners();
    const [one, other] = await Promise.all([fixture.signUpWithRole('owner'), fixture.signUpWithRole('owner')]);
    await Promise.all([leave(one, other, 0), remove(other, one, 1), leave(other, one, 1), remove(one, other, 0)]);
    left.push(await activeOwners());
    fixture.clock.advance(120);
  }
  expect([...new Set(left)]).toEqual([1]);
});

test('an account keeps nothing of one that was erased and had its address, and an old link or code of it does nothing', async () => {
  const first = await fixture.signUp();
  const { email } = first;
  const asked = await post<{ codeToken: string }>(0, '/v1/auth/codes', { email, purpose: 'otp' });
  const code = await fixture.codeFor(email);
  const reset = await post<{ codeToken: string }>(0, '/v1/auth/password/reset-code', { email });
  const resetCode = await fixture.codeFor(email, 2);
  await send(0, 'POST', '/v1/auth/me/erase', first.asCaller, { password });
  fixture.clock.advance(120);
  await fixture.register(email);
  await fixture.spendCode(email, await fixture.codeFor(email, 3), fixture.codeTokenOf(email, 2));
  const old = { email, purpose: 'otp', code, codeToken: asked.body.codeToken };
  expect((await post(1, '/v1/auth/codes/verify', old)).status).toBe(422);
  const setting = { email, code: resetCode, codeToken: reset.body.codeToken, newPassword: 'a password of somebody else' };
  expect((await post(1, '/v1/auth/password/reset', setting)).status).toBe(422);
  expect((await post(0, '/v1/auth/refresh', { refreshToken: first.tokens.refreshToken })).status).toBe(401);
  expect((await fixture.asSignedIn(email)).userId).not.toBe(first.userId);
});
