import { describe, expect, test } from 'vitest';
import { countStatements, waitFor } from '@guildhall/testkit';
import { sql, uncheckedRow } from '@guildhall/db';
import { AppError } from '@guildhall/errors';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Type } from 'typebox';
import { createServiceClient } from '@guildhall/testkit/service';
import { createBcryptPool } from '../../src/clients/bcrypt-pool.ts';
import { start } from '../../src/wire.ts';
import { auditOf, misshapenEvents } from './events.ts';
import { clientAddress, newEmail, password, problem, withoutJobs, type TokenPair } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const wrong = problem(401, 'WRONG_PASSWORD', 'The address or the password is wrong', 'The address or the password is wrong.');

/** Logs in as the client with this IP address. */
const logInFrom = (ip: string, email: string, given: string) =>
  fixture.ask<TokenPair>('POST', '/v1/auth/login', { body: { email, password: given }, ip });

describe('POST /v1/auth/login', () => {
  test('answers a signed access token that says who, where and what they may', async () => {
    const { userId, sessionId, email, tokens } = await fixture.signUp();
    expect(decodeProtectedHeader(tokens.accessToken)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(tokens.accessToken);
    expect(claims).toEqual({
      accessVersion: 0,
      iss: 'http://guildhall.test',
      aud: 'guildhall',
      sub: userId,
      sid: sessionId,
      name: 'Ada',
      email,
      roles: ['member'],
      permissions: ['community:create'],
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 300,
    });
    expect(await auditOf(fixture.tables, sessionId)).toEqual([
      {
        actor: { type: 'user', id: userId, sessionId, ip: clientAddress, userAgent: 'node' },
        action: 'session.create',
        resource: { type: 'session', id: sessionId, name: 'node' },
        result: 'success',
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
  });

  test('is not kept by any cache', async () => {
    const { email } = await fixture.signUp();
    const { headers } = await fixture.logIn(email);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('costs an unknown address as much as a wrong password: one comparison, the same statements, the same answer', async () => {
    const { signUp, logIn, pool } = fixture;
    const { email } = await signUp();
    const measure = async (address: string) => {
      const before = pool.counts().asked;
      const { result, statements } = await countStatements(() => logIn(address, { password: 'not the right sentence' }));
      return {
        body: result.body,
        hashes: pool.counts().asked - before,
        statements: withoutJobs(statements).length,
      };
    };
    const unknown = await measure(newEmail());
    expect(unknown).toEqual({ body: wrong, hashes: 1, statements: 2 });
    expect(await measure(email)).toEqual(unknown);
  });

  test('does not tell that an address waits for confirmation to who does not know its password', async () => {
    const { register, logIn } = fixture;
    const email = newEmail();
    await register(email);
    expect((await logIn(email, { password: 'not the right sentence' })).body).toEqual(wrong);
  });

  test.each([
    ['ASCII', 'x', 72],
    ['two-byte characters', 'ä', 36],
    ['four-byte characters', '🗝', 18],
  ])('compares every byte: nothing opens a session behind a password of 72 bytes of %s', async (_name, character, count) => {
    const { register, verify, logIn, pool } = fixture;
    const email = newEmail();
    const longest = character.repeat(count);
    expect((await register(email, { password: longest })).status).toBe(202);
    await verify(email);
    const before = pool.counts().asked;
    for (const behind of ['!', character, longest, '!'.repeat(900)]) {
      expect((await logIn(email, { password: longest + behind })).body).toEqual(wrong);
    }
    expect(pool.counts().asked - before).toBe(4);
    expect((await logIn(newEmail(), { password: `${longest}!` })).body).toEqual(wrong);
  });

  test('takes the password of 72 bytes itself', async () => {
    const { register, verify, logIn } = fixture;
    const email = newEmail();
    const longest = 'ä'.repeat(36);
    await register(email, { password: longest });
    await verify(email);
    expect((await logIn(email, { password: longest })).status).toBe(200);
  });

  test('believes no address that the gateway did not sign: neither a header nor none at all reaches the hash', async () => {
    const { email } = await fixture.signUp();
    for (const headers of [{}, { 'x-forwarded-for': '203.0.113.9' }, { 'x-guildhall-client': '203.0.113.9' }]) {
      const { result, statements } = await countStatements(() =>
        fetch(`${fixture.url}/v1/auth/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ email, password }),
        }),
      );
      expect([result.status, await result.json(), withoutJobs(statements)]).toMatchObject([401, { code: 'UNAUTHENTICATED' }, []]);
    }
  });

  test('takes a password of any length as one that may be wrong, at the cost of one comparison', async () => {
    const { email } = await fixture.signUp();
    for (const length of [73, 1024, 1025, 100_000]) {
      const before = fixture.pool.counts().asked;
      const answer = await logInFrom(`198.51.100.5${length % 7}`, email, 'p'.repeat(length));
      expect([length, answer.status, answer.body]).toEqual([length, 401, wrong]);
      expect(fixture.pool.counts().asked - before).toBe(1);
    }
  });

  test('refuses a suspended account', async () => {
    const { signUp, logIn, tables } = fixture;
    const { email, userId } = await signUp();
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${userId}`);
    expect((await logIn(email)).body).toEqual(
      problem(403, 'ACCOUNT_SUSPENDED', 'The account is suspended', 'This account is suspended.'),
    );
  });

  test('makes the one who mistypes wait longer and longer, and nobody else', async () => {
    const { signUp, ask, clock } = fixture;
    const { email, userId } = await signUp();
    const from = (ip: string, given: string) => ask('POST', '/v1/auth/login', { body: { email, password: given }, ip });
    const mistype = () => from('198.51.100.1', 'not the right sentence');
    for (let failure = 0; failure < 4; failure += 1) expect((await mistype()).status).toBe(401);
    const waiting = await from('198.51.100.1', password);
    expect({ body: waiting.body, retryAfter: waiting.headers.get('retry-after') }).toEqual({
      body: problem(429, 'RATE_LIMITED', 'Too many requests', 'Too many failed log-ins. Try again in 1 s.'),
      retryAfter: '1',
    });
    expect((await from('198.51.100.2', password)).status).toBe(200);
    clock.advance(1);
    expect((await mistype()).status).toBe(401);
    expect((await mistype()).headers.get('retry-after')).toBe('2');
    clock.advance(2);
    expect((await from('198.51.100.1', password)).status).toBe(200);
    expect((await mistype()).status).toBe(401);
    const denied = (await auditOf(fixture.tables, userId)).filter(({ result }) => result === 'denied');
    // The others repeat it within the minute, and are told by their count at its end.
    expect(denied).toHaveLength(1);
  });

  test('compares no more guesses at once than in turn', async () => {
    const { signUp, pool, clock } = fixture;
    const { email } = await signUp();
    const before = pool.counts().asked;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => logInFrom('198.51.100.20', email, 'not the right sentence')),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array<number>(4).fill(401),
      ...Array<number>(46).fill(429),
    ]);
    expect(pool.counts().asked - before).toBe(4);
    clock.advance(2);
    expect((await logInFrom('198.51.100.20', email, password)).status).toBe(200);
  });

  test('counts nothing against who knows the password, however many sign in at once from one address', async () => {
    const { signUp } = fixture;
    const accounts = await Promise.all(Array.from({ length: 4 }, () => signUp()));
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(accounts.map(({ email }) => logInFrom('198.51.100.21', email, password)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    }
    expect((await logInFrom('198.51.100.21', newEmail(), password)).status).toBe(401);
  });

  test('counts nothing against who knows the password of an account that may not sign in yet', async () => {
    const { email, userId } = await fixture.signUp();
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET is_email_verified = false WHERE id = ${userId}`);
    for (let attempt = 0; attempt < 6; attempt += 1) expect((await logInFrom('198.51.100.22', email, password)).status).toBe(403);
  });

  test.each([
    ['one failure', 1],
    ['so many failures that a wait began', 4],
  ])('keeps nobody waiting for a clock that was set back after %s', async (_name, failures) => {
    const { signUp, clock } = fixture;
    const { email } = await signUp();
    clock.advance(3600);
    const ip = `198.51.100.3${failures}`;
    for (let failure = 0; failure < failures; failure += 1) await logInFrom(ip, email, 'not the right sentence');
    clock.advance(-3600);
    expect((await logInFrom(ip, email, password)).status).toBe(200);
  });

  test('goes on counting after a clock was set back: nobody guesses without a wait, or waits longer than five minutes', async () => {
    const { signUp, clock } = fixture;
    const { email } = await signUp();
    const mistype = () => logInFrom('198.51.100.40', email, 'not the right sentence');
    clock.advance(3600);
    for (let failure = 0; failure < 4; failure += 1) await mistype();
    clock.advance(-3600);
    expect((await mistype()).status).toBe(401);
    expect((await mistype()).headers.get('retry-after')).toBe('2');
    clock.advance(2);
    expect((await logInFrom('198.51.100.40', email, password)).status).toBe(200);
  });

  test('counts failures by the /64 of an IPv6 address, and by IPv4 however it is written', async () => {
    const { signUp, ask } = fixture;
    for (const [same, other] of [
      [['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:a::3'], '2001:db8:1:3::1'],
      [['198.51.100.7', '::ffff:198.51.100.7'], '198.51.100.8'],
    ] as const) {
      const { email } = await signUp();
      const from = (ip: string | undefined, given: string) =>
        ask('POST', '/v1/auth/login', { body: { email, password: given }, ip: ip ?? '' });
      for (let failure = 0; failure < 4; failure += 1) await from(same[failure % same.length], 'not the right sentence');
      expect([(await from(same[0], password)).status, (await from(other, password)).status]).toEqual([429, 200]);
    }
  });
});

const HashRow = uncheckedRow({ passwordHash: Type.String() });
const hashOf = async (userId: string): Promise<string> =>
  (
    await fixture.tables.connection.one(
      sql.type(HashRow)`SELECT password_hash FROM auth.user_passwords WHERE user_id = ${userId}`,
    )
  ).passwordHash;

/** Runs `use` with a replica of the service on the same database. */
const withReplica = async (passwords: Awaited<ReturnType<typeof createBcryptPool>>, use: (url: string) => Promise<void>) => {
  const { config, clock, log } = fixture;
  const replica = await start({ ...config, setupTokenFile: null }, log, { now: clock.now, passwords });
  try {
    await waitFor(async () => (await fetch(`${replica.url}/readyz`)).ok);
    await use(replica.url);
  } finally {
    await replica.close();
  }
};
const logInAt = (url: string, email: string, ip = '198.51.100.50') =>
  createServiceClient('auth', url, fixture.clock.now).ask('POST', '/v1/auth/login', { body: { email, password }, ip });

describe('the workers that hash', () => {
  test('turn away who comes when their queue is full, at once', async () => {
    await withReplica(await createBcryptPool({ cost: 10, waitingMax: 1 }), async (url) => {
      const answers = await Promise.all(Array.from({ length: 24 }, () => logInAt(url, newEmail())));
      const refused = answers.filter(({ status }) => status === 503);
      expect(refused.length).toBeGreaterThan(0);
      expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThan(0);
      expect(refused[0]?.headers.get('retry-after')).toBe('2');
      expect(refused[0]?.body).toEqual(
        problem(503, 'SERVICE_UNAVAILABLE', 'A service is unavailable', 'Too many sign-ins at once.'),
      );
    });
  });

  test('turn away one address that asks for more than its share, and serve the others', async () => {
    await withReplica(await createBcryptPool({ cost: 10, jobsPerHolderMax: 2 }), async (url) => {
      const greedy = Array.from({ length: 8 }, () => logInAt(url, newEmail(), '2001:db8:1:2::1'));
      const other = logInAt(url, newEmail(), '2001:db8:1:3::1');
      const answers = await Promise.all(greedy);
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]?.body).toEqual(
        problem(429, 'RATE_LIMITED', 'Too many requests', 'Too many sign-ins at once from your address.'),
      );
      expect((await other).status).toBe(401);
    });
  });

  test('count no failure while they compare nothing', async () => {
    const { email } = await fixture.signUp();
    const pool = await createBcryptPool({ cost: 4 });
    const full = new AppError('SERVICE_UNAVAILABLE', 'Too many sign-ins at once.');
    await withReplica({ ...pool, compare: () => Promise.reject(full) }, async (url) => {
      for (let attempt = 0; attempt < 6; attempt += 1) expect((await logInAt(url, email)).status).toBe(503);
    });
    await withReplica(await createBcryptPool({ cost: 4 }), async (url) => {
      expect((await logInAt(url, email)).status).toBe(200);
    });
  });

  test('hash a password anew when the cost was raised, and not again after that', async () => {
    const { userId, email } = await fixture.signUp();
    expect(await hashOf(userId)).toMatch(/^\$2b\$04\$/);
    await withReplica(await createBcryptPool({ cost: 5 }), async (url) => {
      expect((await logInAt(url, email)).status).toBe(200);
      const raised = await hashOf(userId);
      expect(raised).toMatch(/^\$2b\$05\$/);
      expect((await logInAt(url, email)).status).toBe(200);
      expect(await hashOf(userId)).toBe(raised);
    });
    expect((await fixture.logIn(email)).status).toBe(200);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
