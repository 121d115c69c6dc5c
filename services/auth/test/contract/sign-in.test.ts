import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countStatements } from '@guildhall/testkit';
import { sql } from '@guildhall/db';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { auditOf, misshapenEvents, readOutbox, userChangesOf } from './events.ts';
import { clientAddress, password, problem, startFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const strangerActor = { type: 'system', id: 'anonymous', ip: clientAddress, userAgent: 'node' };
const wrong = problem(401, 'UNAUTHENTICATED', 'Sign in first', 'The address or the password is wrong.');
const badCode = problem(
  422,
  'UNPROCESSABLE',
  'Understood, but cannot be done',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is not good' }],
);

describe('POST /v1/auth/register', () => {
  test('opens an unverified member account and mails a code; the account is told to others once it is verified', async () => {
    const { register, verify, logIn, newEmail, tables } = fixture;
    const email = newEmail();
    expect(await register(email)).toMatchObject({ status: 202, body: { status: 'verification_sent' } });
    const { id } = await userAt(email);
    expect(await userChangesOf(tables, id)).toEqual([]);
    expect((await logIn(email)).body).toEqual(
      problem(
        403,
        'FORBIDDEN',
        'Not allowed',
        'Confirm your address first: enter the code from our mail, or ask for a fresh one.',
      ),
    );
    expect(await verify(email)).toMatchObject({ status: 200, body: { status: 'verified' } });
    expect(await userChangesOf(tables, id)).toEqual([{ userId: id, displayName: 'Ada', version: 2 }]);
    const actor = { type: 'user', id, ip: clientAddress, userAgent: 'node' };
    const common = { requestId: 'request-1', service: 'auth' };
    expect(await auditOf(tables, id)).toEqual([
      { ...common, actor, action: 'user.register', resource: { type: 'user', id, name: 'Ada' }, result: 'success' },
      { ...common, actor: strangerActor, action: 'session.create', resource: { type: 'user', id }, result: 'denied' },
      {
        ...common,
        actor,
        action: 'user.verify-email',
        resource: { type: 'user', id, name: 'Ada' },
        result: 'success',
        changes: [{ path: '/isEmailVerified', before: false, after: true }],
      },
    ]);
  });

  test('answers the same for a taken address, with as many hashes and statements, and mails its owner', async () => {
    const { signUp, register, newEmail, pool, mailbox } = fixture;
    const { email } = await signUp();
    const measure = async (address: string) => {
      const before = pool.counts().asked;
      const { result, statements } = await countStatements(() => register(address));
      return {
        status: result.status,
        body: result.body,
        hashes: pool.counts().asked - before,
        statements: statements.filter((text) => !isBackground(text)).length,
      };
    };
    const taken = await measure(email);
    expect(taken).toEqual({ status: 202, body: { status: 'verification_sent' }, hashes: 1, statements: 5 });
    expect(await measure(newEmail())).toEqual(taken);
    expect((await mailbox.nthTo(email, 2)).text).toContain('You already have an account');
  });

  test('takes an address in any form as the same', async () => {
    const { register, newEmail, mailbox, verify } = fixture;
    const email = newEmail();
    await register(email.toUpperCase());
    await verify(email);
    await register(email);
    expect((await mailbox.nthTo(email, 2)).text).toContain('You already have an account');
  });

  test('gives an address that was never confirmed to whoever registers last, and only their code is good', async () => {
    const { register, newEmail, codeFor, post, logIn } = fixture;
    const email = newEmail();
    await register(email, { password: 'what the squatter chose' });
    const squatted = await codeFor(email);
    await register(email);
    const code = await codeFor(email, 2);
    const spend = (given: string) => post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code: given });
    expect((await spend(squatted)).body).toEqual(badCode);
    expect(await spend(code)).toMatchObject({ status: 200 });
    expect((await logIn(email, { password: 'what the squatter chose' })).body).toEqual(wrong);
    expect((await logIn(email)).status).toBe(200);
  });

  test.each([
    ['shorter than 12 bytes', 'x'.repeat(11), 400],
    ['longer than 72 characters', 'x'.repeat(73), 400],
    ['longer than 72 bytes, though not characters', 'ä'.repeat(37), 422],
    ['common', 'Password1234', 422],
    ['made of the address', 'someone-here-and-there', 422],
  ])('refuses a password that is %s, and creates nothing', async (_, bad, status) => {
    const email = 'someone@example.org';
    expect(await fixture.register(email, { password: bad })).toMatchObject({ status, body: { errors: [{ path: '/password' }] } });
    expect(await usersAt(email)).toEqual([]);
  });

  test('refuses a field it does not know', async () => {
    const { status, body } = await fixture.register(fixture.newEmail(), { role: 'owner' });
    expect({ status, body }).toEqual({
      status: 400,
      body: problem(400, 'INVALID', 'The request is not valid', 'The body does not fit this operation.', [
        { path: '/role', message: 'is not known here' },
      ]),
    });
  });

  test('refuses a body that is too large', async () => {
    const { status, body } = await fixture.register(fixture.newEmail(), { displayName: 'x'.repeat(300_000) });
    expect({ status, body }).toEqual({
      status: 413,
      body: problem(413, 'TOO_LARGE', 'Too large', 'The body is larger than this operation takes.'),
    });
  });
});

describe('POST /v1/auth/codes', () => {
  const sendTo = (email: string) => fixture.post('/v1/auth/codes', { email, purpose: 'verify_email' });

  test('sends a fresh code to an unverified account, at most one a minute, and then only that one is good', async () => {
    const { register, newEmail, codeFor, clock, mailbox, verify, post } = fixture;
    const email = newEmail();
    await register(email);
    const first = await codeFor(email);
    expect(await sendTo(email)).toMatchObject({ status: 202, body: { status: 'sent_if_known' } });
    clock.advance(61);
    await sendTo(email);
    const second = await codeFor(email, 2);
    expect((await post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code: first })).body).toEqual(badCode);
    expect((await post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code: second })).status).toBe(200);
    clock.advance(61);
    await sendTo(email);
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(2);
    expect((await verify(email)).status).toBe(422);
  });

  test('answers an unknown address the same, with as many statements, and mails nobody', async () => {
    const { register, newEmail, clock, mailbox } = fixture;
    const [known, unknown] = [newEmail(), newEmail()];
    await register(known);
    clock.advance(61);
    const measure = async (email: string) => {
      const { result, statements } = await countStatements(() => sendTo(email));
      return { status: result.status, body: result.body, statements: statements.filter((text) => !isBackground(text)).length };
    };
    expect(await measure(unknown)).toEqual({ status: 202, body: { status: 'sent_if_known' }, statements: 1 });
    expect(await measure(known)).toEqual({ status: 202, body: { status: 'sent_if_known' }, statements: 1 });
    await mailbox.nthTo(known, 2);
    expect(mailbox.mails.filter(({ to }) => to === unknown)).toEqual([]);
  });
});

describe('POST /v1/auth/codes/verify', () => {
  const spend = (email: string, code: string) => fixture.post('/v1/auth/codes/verify', { email, purpose: 'verify_email', code });

  test('takes a code once: of 20 at the same time one is answered 200', async () => {
    const { register, newEmail, codeFor } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    // One that is right ends the code, the others count as tries: five at most are looked at.
    const answers = await Promise.all(Array.from({ length: 20 }, () => spend(email, code)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 422)]);
  });

  test('refuses the right code after five wrong ones, however many come at once', async () => {
    const { register, newEmail, codeFor } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    const other = code === '00000000' ? '00000001' : '00000000';
    await Promise.all(Array.from({ length: 12 }, () => spend(email, other)));
    expect(await attemptsAt(email)).toBe(5);
    expect((await spend(email, code)).body).toEqual(badCode);
  });

  test('refuses a code after 15 minutes, and one of an unknown address, with the same words', async () => {
    const { register, newEmail, codeFor, clock } = fixture;
    const email = newEmail();
    await register(email);
    const code = await codeFor(email);
    clock.advance(901);
    expect((await spend(email, code)).body).toEqual(badCode);
    expect((await spend(newEmail(), code)).body).toEqual(badCode);
  });
});

describe('POST /v1/auth/login', () => {
  test('answers a signed access token that says who, where and what they may', async () => {
    const { userId, sessionId, email, tokens } = await fixture.signUp();
    expect(decodeProtectedHeader(tokens.accessToken)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
    const claims = decodeJwt(tokens.accessToken);
    expect(claims).toEqual({
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
    const { signUp, newEmail, logIn, pool } = fixture;
    const { email } = await signUp();
    const measure = async (address: string) => {
      const before = pool.counts().asked;
      const { result, statements } = await countStatements(() => logIn(address, { password: 'not the right sentence' }));
      return {
        body: result.body,
        hashes: pool.counts().asked - before,
        statements: statements.filter((text) => !isBackground(text)).length,
      };
    };
    const unknown = await measure(newEmail());
    expect(unknown).toEqual({ body: wrong, hashes: 1, statements: 5 });
    expect(await measure(email)).toEqual(unknown);
  });

  test('does not tell that an address waits for confirmation to who does not know its password', async () => {
    const { register, newEmail, logIn } = fixture;
    const email = newEmail();
    await register(email);
    expect((await logIn(email, { password: 'not the right sentence' })).body).toEqual(wrong);
  });

  test('refuses a suspended account', async () => {
    const { signUp, logIn, tables } = fixture;
    const { email, userId } = await signUp();
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${userId}`);
    expect((await logIn(email)).body).toEqual(problem(403, 'FORBIDDEN', 'Not allowed', 'This account is suspended.'));
  });

  test('makes the one who mistypes wait longer and longer, and nobody else', async () => {
    const { signUp, ask, clock } = fixture;
    const { email, userId } = await signUp();
    const from = (ip: string, given: string) =>
      ask('POST', '/v1/auth/login', { body: { email, password: given }, headers: { 'x-forwarded-for': ip } });
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
    expect(denied).toHaveLength(6);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
  expect((await readOutbox(fixture.tables)).length).toBeGreaterThan(10);
});

/** What the jobs of the service ask meanwhile. */
const isBackground = (text: string): boolean =>
  /schema_migrations|transaction_read_only|auth\.setup_tokens|is_so/.test(text) ||
  /outgoing_mails (WHERE|AS mail)|auth\.outbox_events ORDER/.test(text);

const { users, codes } = {
  users: async (email: string) => {
    const { rows } = await fixture.tables.connection.query(sql.unsafe`SELECT id FROM auth.users WHERE email = ${email}`);
    return rows as readonly { id: string }[];
  },
  codes: async (email: string) => {
    const { rows } = await fixture.tables.connection.query(
      sql.unsafe`SELECT attempts FROM auth.auth_codes WHERE email = ${email}`,
    );
    return rows as readonly { attempts: number }[];
  },
};
const usersAt = (email: string) => users(email);
const userAt = async (email: string): Promise<{ id: string }> => (await users(email))[0] ?? { id: '' };
const attemptsAt = async (email: string): Promise<number | undefined> => (await codes(email))[0]?.attempts;
