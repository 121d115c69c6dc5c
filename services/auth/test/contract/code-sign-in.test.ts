import { countStatements } from '@guildhall/testkit';
import { sql } from '@guildhall/db';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { addressMailRate, askerMailRate } from '../../src/core/limits.ts';
import { auditOf, misshapenEvents, readOutbox } from './events.ts';
import { clientAddress, problem, withoutJobs, type TokenPair } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

type Purpose = 'otp' | 'magic_link';

const badCode = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);
const badLink = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The link is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/linkToken', message: 'is invalid' }],
);

const send = (email: string, purpose: Purpose, options: object = {}) =>
  fixture.ask<{ status: string; codeToken: string }>('POST', '/v1/auth/codes', { ...options, body: { email, purpose } });
const signIn = (email: string, purpose: Purpose, codeToken: string, code: string, more: object = {}, ip = clientAddress) =>
  fixture.ask<TokenPair>('POST', '/v1/auth/codes/verify', { body: { email, purpose, codeToken, code, ...more }, ip });
const look = (linkToken: string) => fixture.post<{ codeToken: string }>('/v1/auth/codes/look', { linkToken });

/** The token in the nth mail to an address, a link. */
const linkFor = async (email: string, count: number): Promise<string> =>
  /http:\/\/guildhall\.test\/#\/sign-in\/(\S+)/.exec((await fixture.mailbox.nthTo(email, count)).text)?.[1] ?? '';
const secretOf = (token: string): string => token.split('.')[1] ?? '';

/** Asks for a sign-in, and waits for what is mailed: the nth mail to the address. */
const ask = async (email: string, purpose: Purpose, count = 1) => {
  const { codeToken } = (await send(email, purpose)).body;
  if (purpose === 'otp') return { codeToken, code: await fixture.codeFor(email, count), linkToken: '' };
  const linkToken = await linkFor(email, count);
  return { codeToken, code: secretOf(linkToken), linkToken };
};
const measure = async (email: string, purpose: Purpose) => {
  const { result, statements } = await countStatements(() => send(email, purpose));
  return { status: result.status, body: { ...result.body, codeToken: '' }, statements: withoutJobs(statements).length };
};
const statusesOf = (answers: readonly { readonly status: number }[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);
const liveSessionsOf = async (userId: string): Promise<number> =>
  (
    await fixture.tables.connection.query(
      sql.unsafe`SELECT id FROM auth.sessions WHERE user_id = ${userId} AND revoked_at IS NULL`,
    )
  ).rowCount;

describe.each(['otp', 'magic_link'] as const)('a sign-in by %s', (purpose) => {
  test('opens a session without a password, named as the client says, and tells the audit how', async () => {
    const { email, userId } = await fixture.signUp();
    const { codeToken, code } = await ask(email, purpose);
    const answer = await signIn(email.toUpperCase(), purpose, codeToken, code, { deviceLabel: 'Kiosk' });
    expect(answer).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 300 } });
    expect(Object.keys(answer.body).toSorted()).toEqual(['accessToken', 'expiresIn', 'refreshToken', 'tokenType']);
    const { sub, sid = '' } = decodeJwt<{ sid?: string }>(answer.body.accessToken);
    expect(sub).toBe(userId);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await auditOf(fixture.tables, sid)).toEqual([
      {
        actor: { type: 'user', id: userId, sessionId: sid, ip: clientAddress, userAgent: 'node' },
        action: 'session.create',
        resource: { type: 'session', id: sid, name: 'Kiosk' },
        changes: [{ path: '/method', after: purpose }],
        result: 'success',
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: answer.body.refreshToken })).status).toBe(200);
  });

  test('answers an unknown, a suspended and an unverified address the same, in as many statements, and mails none of them', async () => {
    const { signUp, newEmail, mailbox, tables, register } = fixture;
    const [known, suspended, unverified] = [await signUp(), await signUp(), await signUp()];
    const [unknown, registering] = [newEmail(), newEmail()];
    await register(registering);
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${suspended.userId}`);
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET is_email_verified = false WHERE id = ${unverified.userId}`);
    const expected = { status: 202, body: { status: 'sent_if_known', codeToken: '' }, statements: 6 };
    for (const email of [suspended.email, unverified.email, unknown, registering, known.email])
      expect([email, await measure(email, purpose)]).toEqual([email, expected]);
    await mailbox.nthTo(known.email, 1);
    expect((await auditOf(tables, known.userId)).at(-1)).toMatchObject({
      actor: { type: 'system', id: 'anonymous', ip: clientAddress },
      action: 'code.create',
      changes: [{ path: '/purpose', after: purpose }],
    });
    expect((await auditOf(tables, suspended.userId)).filter(({ action }) => action === 'code.create')).toEqual([]);
    expect(
      [suspended.email, unverified.email, unknown, registering].map(
        (email) => mailbox.mails.filter(({ to }) => to === email).length,
      ),
    ).toEqual([0, 0, 0, 1]);
  });

  test('takes what was mailed once: of 100 at the same time one opens a session', async () => {
    const { email, userId } = await fixture.signUp();
    const { codeToken, code } = await ask(email, purpose);
    const answers = await Promise.all(Array.from({ length: 100 }, () => signIn(email, purpose, codeToken, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(statusesOf(answers).filter((status) => ![200, 422].includes(status))).toEqual([]);
    expect(await liveSessionsOf(userId)).toBe(2);
  });

  test('is bound to who asked, to the address, to the purpose, to five tries and to 15 minutes', async () => {
    const { signUp, clock, resend } = fixture;
    const [{ email, userId }, other] = [await signUp(), await signUp()];
    const own = await ask(email, purpose);
    const strangers = await ask(email, purpose, 2);
    const wrong = purpose === 'otp' ? '00000000' : 'A'.repeat(43);
    const refused = [
      await signIn(email, purpose, strangers.codeToken, own.code),
      await signIn(email, purpose, `${own.codeToken.slice(0, -43)}${'A'.repeat(43)}`, own.code),
      await signIn(email, purpose, 'nonsense', own.code),
      await signIn(other.email, purpose, own.codeToken, own.code),
      await signIn(email, purpose === 'otp' ? 'magic_link' : 'otp', own.codeToken, own.code),
    ];
    expect(refused.map(({ body }) => body)).toEqual(refused.map(() => badCode));
    expect((await resend(email, own.codeToken)).status).toBe(202);
    clock.advance(901);
    expect((await signIn(email, purpose, own.codeToken, own.code)).body).toEqual(badCode);
    clock.advance(-901);
    expect((await signIn(email, purpose, own.codeToken, own.code)).status).toBe(200);
    for (let count = 0; count < 4; count += 1) await signIn(email, purpose, strangers.codeToken, wrong);
    expect((await signIn(email, purpose, strangers.codeToken, strangers.code)).body).toEqual(badCode);
    expect(await liveSessionsOf(userId)).toBe(2);
  });

  test('is refused once the account was suspended or erased meanwhile', async () => {
    const { signUp, tables, ask: request } = fixture;
    const [suspended, erased] = [await signUp(), await signUp()];
    const [one, other] = [await ask(suspended.email, purpose), await ask(erased.email, purpose)];
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${suspended.userId}`);
    const body = { password: 'a long and quiet sentence' };
    expect((await request('POST', '/v1/auth/me/erase', { body, headers: erased.asCaller })).status).toBe(204);
    expect((await signIn(suspended.email, purpose, one.codeToken, one.code)).body).toEqual(badCode);
    expect((await signIn(erased.email, purpose, other.codeToken, other.code)).body).toEqual(badCode);
    expect(await liveSessionsOf(erased.userId)).toBe(0);
  });

  test('is audited as refused, under the account where the code was for it, and its code is in no event', async () => {
    const { email, userId } = await fixture.signUp();
    const { codeToken, code } = await ask(email, purpose);
    // Of an address that has tried little: refusals of one actor at many accounts are folded.
    const ip = purpose === 'otp' ? '198.51.100.77' : '198.51.100.78';
    await signIn(email, purpose, codeToken, purpose === 'otp' ? '00000000' : 'A'.repeat(43), {}, ip);
    expect((await auditOf(fixture.tables, userId)).filter(({ action }) => action === 'session.create')).toMatchObject([
      { result: 'denied', actor: { type: 'system', id: 'anonymous', ip }, resource: { type: 'user', id: userId } },
    ]);
    await signIn(email, purpose, codeToken, code);
    const events = JSON.stringify(await readOutbox(fixture.tables));
    expect([code, codeToken].filter((secret) => events.includes(secret))).toEqual([]);
  });

  test('has the pause of mails: who asks too often is told, and what all ask for together ends silently', async () => {
    const { email } = await fixture.signUpByMail();
    // The registration was one of the mails that this network asked for.
    for (let count = 1; count < askerMailRate.atOnceMax; count += 1) expect((await send(email, purpose)).status).toBe(202);
    expect(await send(email, purpose)).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    for (let count = 0; count < addressMailRate.atOnceMax; count += 1)
      expect((await send(email, purpose, { ip: `198.51.100.${count}` })).status).toBe(202);
    await fixture.mailbox.nthTo(email, addressMailRate.atOnceMax);
    const { rowCount } = await fixture.tables.connection.query(
      sql.unsafe`SELECT id FROM auth.auth_codes WHERE email = ${email} AND purpose = ${purpose}`,
    );
    expect(rowCount).toBe(addressMailRate.atOnceMax - 1);
  });

  test('takes no code token when it is asked for', async () => {
    const codeToken = fixture.codeTokenOf('nobody');
    const answer = await fixture.post('/v1/auth/codes', { email: 'ada@example.org', purpose, codeToken });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID', errors: [{ path: '/codeToken' }] } });
  });
});

test('a fresh code of a registration wants its code token', async () => {
  const answer = await fixture.post('/v1/auth/codes', { email: 'ada@example.org', purpose: 'verify_email' });
  expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID', errors: [{ path: '/codeToken' }] } });
});

describe('a link that is opened in another browser', () => {
  test('signs nobody in by itself: neither without a code token, nor with one of another request', async () => {
    const [{ email, userId }, attacker] = [await fixture.signUp(), await fixture.signUp()];
    const { code, linkToken } = await ask(email, 'magic_link');
    const foreign = await ask(attacker.email, 'magic_link');
    for (const codeToken of [fixture.codeTokenOf('nobody'), foreign.codeToken, linkToken])
      expect((await signIn(email, 'magic_link', codeToken, code)).body).toEqual(badCode);
    expect(await liveSessionsOf(userId)).toBe(1);
  });

  test('shows who asked, when and from where, stays good, and signs in once that is confirmed', async () => {
    const { email, userId } = await fixture.signUp();
    const { code, linkToken, codeToken } = await ask(email, 'magic_link');
    const seen = await look(linkToken);
    expect(seen).toMatchObject({ status: 200 });
    expect(seen.body).toEqual({
      email,
      askedAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
      ipAddress: clientAddress,
      deviceLabel: 'node',
      codeToken: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}$/),
    });
    expect(seen.body.codeToken).not.toBe(codeToken);
    expect(seen.headers.get('cache-control')).toBe('no-store');
    const answer = await signIn(email, 'magic_link', seen.body.codeToken, code);
    expect(answer.status).toBe(200);
    expect(decodeJwt(answer.body.accessToken).sub).toBe(userId);
    for (const again of [seen.body.codeToken, codeToken])
      expect((await signIn(email, 'magic_link', again, code)).body).toEqual(badCode);
    expect((await look(linkToken)).body).toEqual(badLink);
  });

  test('of two browsers at once one is signed in', async () => {
    const { email, userId } = await fixture.signUp();
    const { code, linkToken, codeToken } = await ask(email, 'magic_link');
    const confirmed = (await look(linkToken)).body.codeToken;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => signIn(email, 'magic_link', index % 2 === 0 ? confirmed : codeToken, code)),
    );
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 422)]);
    expect(await liveSessionsOf(userId)).toBe(2);
  });

  test('confirms no other link, and a confirmation without the link is worth nothing', async () => {
    const { email } = await fixture.signUp();
    const [first, second] = [await ask(email, 'magic_link'), await ask(email, 'magic_link', 2)];
    const confirmed = (await look(first.linkToken)).body.codeToken;
    expect((await signIn(email, 'magic_link', confirmed, second.code)).body).toEqual(badCode);
    const swapped = `${second.codeToken.slice(0, 36)}.${secretOf(confirmed)}`;
    expect((await signIn(email, 'magic_link', swapped, second.code)).body).toEqual(badCode);
    expect((await signIn(email, 'magic_link', second.codeToken, second.code)).status).toBe(200);
  });

  test('shows nothing of a link that is wrong, expired, of a suspended account, or of eight digits', async () => {
    const { signUp, tables, clock, codeFor } = fixture;
    const user = await signUp();
    const { linkToken } = await ask(user.email, 'magic_link');
    const otp = await send(user.email, 'otp');
    const digits = `${otp.body.codeToken.slice(0, 36)}.${await codeFor(user.email, 2)}`;
    for (const wrong of ['nonsense', `${linkToken.slice(0, 36)}.${'A'.repeat(43)}`, digits])
      expect((await look(wrong)).body).toEqual(badLink);
    clock.advance(901);
    expect((await look(linkToken)).body).toEqual(badLink);
    clock.advance(-901);
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${user.userId}`);
    expect((await look(linkToken)).body).toEqual(badLink);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
