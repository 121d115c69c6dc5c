import { countStatements } from '@guildhall/testkit';
import { sql } from '@guildhall/db';
import { describe, expect, test } from 'vitest';
import { askerMailRate } from '../../src/core/limits.ts';
import { auditOf, misshapenEvents, readOutbox } from './events.ts';
import { clientAddress, password, problem, withoutJobs, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const next = 'another long and quiet one';
const badCode = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);
const change = ({ asCaller }: SignedIn, more: object = {}) =>
  fixture.ask('PUT', '/v1/auth/password', {
    body: { currentPassword: password, newPassword: next, ...more },
    headers: asCaller,
  });
const statusWith = async (email: string, given: string) => (await fixture.logIn(email, { password: given })).status;
const meStatus = async ({ asCaller }: SignedIn) => (await fixture.ask('GET', '/v1/auth/me', { headers: asCaller })).status;

describe('PUT /v1/auth/password', () => {
  test('changes the password, ends every other session at once, tells the audit and mails the owner', async () => {
    const { signUp, asSignedIn, mailbox, tables } = fixture;
    const user = await signUp();
    const other = await asSignedIn(user.email);
    expect((await change(user)).status).toBe(204);
    expect(await meStatus(user)).toBe(200);
    expect(await meStatus(other)).toBe(401);
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: other.tokens.refreshToken })).status).toBe(401);
    expect([await statusWith(user.email, password), await statusWith(user.email, next)]).toEqual([401, 200]);
    const { text } = await mailbox.nthTo(user.email, 1);
    expect(text).toContain('Your password at Guildhall was changed');
    expect(text).not.toContain(next);
    const actor = { type: 'user', id: user.userId, sessionId: user.sessionId, ip: clientAddress };
    const common = { requestId: 'request-1', service: 'auth', actor, result: 'success' };
    expect((await auditOf(tables, user.userId)).find(({ action }) => action === 'user.change-password')).toEqual({
      ...common,
      action: 'user.change-password',
      resource: { type: 'user', id: user.userId, name: 'Ada' },
      changes: [{ path: '/password' }],
    });
    expect((await auditOf(tables, other.sessionId)).at(-1)).toEqual({
      ...common,
      action: 'session.revoke',
      resource: { type: 'session', id: other.sessionId },
      changes: [{ path: '/reason', after: 'password-changed' }],
    });
  });

  test('wants the current one, counts wrong ones as failed log-ins, and changes nothing then', async () => {
    const { signUp, asSignedIn, tables } = fixture;
    const user = await signUp();
    const other = await asSignedIn(user.email);
    const wrong = await change(user, { currentPassword: 'not the right sentence' });
    expect({ status: wrong.status, body: wrong.body }).toEqual({
      status: 401,
      body: problem(401, 'WRONG_PASSWORD', 'The address or the password is wrong', 'The current password is wrong.', [
        { path: '/currentPassword', message: 'is wrong' },
      ]),
    });
    const statuses = new Set<number>();
    for (let count = 0; count < 10; count += 1) {
      statuses.add((await change(user, { currentPassword: 'not the right sentence' })).status);
    }
    expect(statuses).toEqual(new Set([401, 429]));
    expect(await meStatus(other)).toBe(200);
    expect((await auditOf(tables, user.userId)).find(({ action }) => action === 'user.change-password')?.result).toBe('denied');
  });

  test('refuses a weak one by the field, and a session that has ended', async () => {
    const user = await fixture.signUp();
    expect(await change(user, { newPassword: 'Password1234' })).toMatchObject({
      status: 422,
      body: { code: 'WEAK_PASSWORD', errors: [{ path: '/newPassword' }] },
    });
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    expect(await change(user)).toMatchObject({ status: 401, body: { code: 'SESSION_ENDED' } });
    expect(await statusWith(user.email, password)).toBe(200);
  });

  test('lets one of three at once win', async () => {
    const user = await fixture.signUp();
    const answers = await Promise.all(Array.from({ length: 3 }, (_, index) => change(user, { newPassword: `${next} ${index}` })));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });
});

const askReset = (email: string) => fixture.post<{ codeToken: string }>('/v1/auth/password/reset-code', { email });
const reset = (email: string, codeToken: string, code: string, newPassword = next) =>
  fixture.post('/v1/auth/password/reset', { email, codeToken, code, newPassword });

const measure = async (address: string) => {
  const { result, statements } = await countStatements(() => askReset(address));
  return { status: result.status, keys: Object.keys(result.body), statements: withoutJobs(statements).length };
};

describe('a reset of the password', () => {
  test('sets it by the mailed code once, ends every session, and mails the owner', async () => {
    const { signUp, codeFor, mailbox, tables } = fixture;
    const user = await signUp();
    const { codeToken } = (await askReset(user.email.toUpperCase())).body;
    const code = await codeFor(user.email);
    const answers = await Promise.all(Array.from({ length: 5 }, () => reset(user.email, codeToken, code)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 422, 422, 422, 422]);
    expect(await meStatus(user)).toBe(401);
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken })).status).toBe(401);
    expect([await statusWith(user.email, password), await statusWith(user.email, next)]).toEqual([401, 200]);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('Your password at Guildhall was changed');
    expect((await auditOf(tables, user.userId)).filter(({ action }) => action === 'user.reset-password')).toMatchObject([
      { result: 'success', changes: [{ path: '/password' }] },
      { result: 'denied', actor: { type: 'system', id: 'anonymous' }, resource: { type: 'user', id: user.userId } },
    ]);
    expect((await auditOf(tables, user.userId)).filter(({ action }) => action === 'code.create')).toMatchObject([
      { result: 'success', actor: { type: 'system', id: 'anonymous' }, changes: [{ path: '/purpose', after: 'reset_password' }] },
    ]);
    expect((await auditOf(tables, user.sessionId)).at(-1)).toMatchObject({
      changes: [{ path: '/reason', after: 'password-reset' }],
    });
  });

  test('answers an unknown address the same, in as many statements, and mails nobody', async () => {
    const { signUp, newEmail, mailbox } = fixture;
    const [{ email }, unknown] = [await signUp(), newEmail()];
    const known = await measure(email);
    expect(known).toEqual({ status: 202, keys: ['status', 'codeToken'], statements: 6 });
    expect(await measure(unknown)).toEqual(known);
    await mailbox.nthTo(email, 1);
    expect(mailbox.mails.filter(({ to }) => to === unknown)).toEqual([]);
  });

  test('is bound to who asked, to the purpose, to five tries and to 15 minutes', async () => {
    const { signUp, codeFor, clock, spendCode } = fixture;
    const { email } = await signUp();
    const stranger = (await askReset(email)).body.codeToken;
    const own = (await askReset(email)).body.codeToken;
    const [strangers, code] = [await codeFor(email), await codeFor(email, 2)];
    expect((await reset(email, own, strangers)).body).toEqual(badCode);
    for (let count = 0; count < 6; count += 1) expect((await reset(email, stranger, code)).body).toEqual(badCode);
    expect((await spendCode(email, code, own)).body).toEqual(badCode);
    expect((await reset(email, stranger, strangers)).body).toEqual(badCode);
    clock.advance(901);
    expect((await reset(email, own, code)).body).toEqual(badCode);
    clock.advance(-901);
    expect((await reset(email, own, code)).status).toBe(204);
  });

  test('of a suspended account mails nothing, and has a pause', async () => {
    const { signUpByMail, tables, mailbox } = fixture;
    const { email, userId } = await signUpByMail();
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${userId}`);
    // The registration was one of the mails that this network asked for.
    for (let count = 1; count < askerMailRate.atOnceMax; count += 1) expect((await askReset(email)).status).toBe(202);
    expect(await askReset(email)).toMatchObject({ status: 429 });
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(1);
  });
});

test('every event is as the contracts say, and none holds a password', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
  const events = JSON.stringify(await readOutbox(fixture.tables));
  expect([password, next].filter((secret) => events.includes(secret))).toEqual([]);
});
