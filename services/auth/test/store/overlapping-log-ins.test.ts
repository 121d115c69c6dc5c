import { randomUUID } from 'node:crypto';
import { sql, uncheckedRow } from '@guildhall/db';
import { waitFor } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSessionStore } from '../../src/store/sessions.ts';
import { password, startFixture, type Fixture, type SignedIn } from '../contract/fixture.ts';

const next = 'another long and quiet one';

/** Runs once, after the next password was compared and before its log-in goes on. */
let afterComparison: (() => Promise<void>) | null = null;
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    passwords: (pool) => ({
      ...pool,
      compare: async (...given) => {
        const isSame = await pool.compare(...given);
        const run = afterComparison;
        afterComparison = null;
        await run?.();
        return isSame;
      },
    }),
  });
});
afterAll(() => fixture.close());

const IdRow = uncheckedRow({ id: Type.String() });
const WaitingRow = uncheckedRow({ isAnyWaiting: Type.Boolean() });
/** Asks, in a transaction, whether another waits for it. */
const blockedByThis = sql.fragment`
  SELECT EXISTS (
    SELECT 1 FROM pg_locks AS lock WHERE NOT lock.granted AND pg_backend_pid() = ANY (pg_blocking_pids(lock.pid))
  ) AS is_any_waiting`;
const liveSessionsOf = async (userId: string): Promise<readonly string[]> => {
  const rows = await fixture.tables.connection.any(
    sql.type(IdRow)`SELECT id FROM auth.sessions WHERE user_id = ${userId} AND revoked_at IS NULL`,
  );
  return rows.map(({ id }) => id);
};

const changePassword = async ({ asCaller }: SignedIn) => {
  const body = { currentPassword: password, newPassword: next };
  expect((await fixture.ask('PUT', '/v1/auth/password', { body, headers: asCaller })).status).toBe(204);
};
/** Returns the reset of the password, whose code has come. */
const prepareReset = async ({ email }: SignedIn) => {
  const { codeToken } = (await fixture.post<{ codeToken: string }>('/v1/auth/password/reset-code', { email })).body;
  const code = await fixture.codeFor(email);
  return async () => {
    const body = { email, codeToken, code, newPassword: next };
    expect((await fixture.post('/v1/auth/password/reset', body)).status).toBe(204);
  };
};
const erase = async ({ asCaller }: SignedIn) => {
  expect((await fixture.ask('POST', '/v1/auth/me/erase', { body: { password }, headers: asCaller })).status).toBe(204);
};

/** Changes that end the log-ins under way, and the session that stays: none, or that of the one who asked. */
const endings: readonly (readonly [string, (user: SignedIn) => Promise<() => Promise<void>>, 'none' | 'own'])[] = [
  ['a change of the password', async (user) => () => changePassword(user), 'own'],
  ['a reset of the password', prepareReset, 'none'],
  ['the erasure of the account', async (user) => () => erase(user), 'none'],
];

describe.each(endings)('%s', (_name, prepare, stays) => {
  const expected = ({ sessionId }: SignedIn) => (stays === 'own' ? [sessionId] : []);

  test('that comes between the comparison of a log-in and its session leaves no session of the old password', async () => {
    const user = await fixture.signUp();
    afterComparison = await prepare(user);
    expect(await fixture.logIn(user.email)).toMatchObject({ status: 401, body: { code: 'WRONG_PASSWORD' } });
    expect(await liveSessionsOf(user.userId)).toEqual(expected(user));
  });

  test.each([
    ['a log-in', true],
    ['a sign-in by code', false],
  ])('that waits for %s ends its session, too', async (_what, isByPassword) => {
    const user = await fixture.signUp();
    const run = await prepare(user);
    let running: Promise<void> | undefined;
    await fixture.tables.inTransaction(async (tx) => {
      const stored = await tx.one(
        sql.type(uncheckedRow({ passwordHash: Type.String() }))`
          SELECT password_hash FROM auth.user_passwords WHERE user_id = ${user.userId}`,
      );
      const passwordHash = isByPassword ? stored.passwordHash : null;
      const now = fixture.clock.now();
      const session = { id: randomUUID(), userId: user.userId, refreshTokenHash: 'planted', ipAddress: '', deviceLabel: '' };
      const expiresAt = new Date(now.getTime() + 3_600_000);
      expect(await createSessionStore(tx).open({ ...session, passwordHash, isMultiFactor: false, expiresAt }, now)).toBe(true);
      running = run();
      await waitFor(async () => (await tx.one(sql.type(WaitingRow)`${blockedByThis}`)).isAnyWaiting, {
        what: 'the ending to wait for the log-in',
      });
    });
    await running;
    expect(await liveSessionsOf(user.userId)).toEqual(expected(user));
  });
});

test('a password that is hashed anew by another log-in meanwhile opens a session all the same', async () => {
  const user = await fixture.signUp();
  const fresh = await fixture.pool.hash(password, 'test');
  afterComparison = async () => {
    await fixture.tables.connection.query(
      sql.unsafe`UPDATE auth.user_passwords SET password_hash = ${fresh} WHERE user_id = ${user.userId}`,
    );
  };
  expect((await fixture.logIn(user.email)).status).toBe(200);
  expect(await liveSessionsOf(user.userId)).toHaveLength(2);
});

test('an account that is suspended meanwhile is told so, and opens no session', async () => {
  const user = await fixture.signUp();
  afterComparison = async () => {
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${user.userId}`);
  };
  expect(await fixture.logIn(user.email)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_SUSPENDED' } });
  expect(await liveSessionsOf(user.userId)).toEqual([user.sessionId]);
});

test('an account that gets a second factor meanwhile opens no session without it', async () => {
  const user = await fixture.signUp();
  afterComparison = async () => {
    await fixture.tables.connection.query(
      sql.unsafe`UPDATE auth.users SET is_second_factor_active = true WHERE id = ${user.userId}`,
    );
  };
  expect(await fixture.logIn(user.email)).toMatchObject({ status: 202, body: { status: 'second_factor_required' } });
  expect(await liveSessionsOf(user.userId)).toEqual([user.sessionId]);
});
