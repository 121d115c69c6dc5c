import { sql } from '@guildhall/db';
import { describe, expect, test } from 'vitest';
import { auditOf, misshapenEvents, readOutbox } from './events.ts';
import { clientAddress, newEmail, noCodeToken, password, problem, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const askCode = ({ asCaller }: SignedIn, email: string, given = password) =>
  fixture.ask<{ status: string; codeToken: string }>('POST', '/v1/auth/me/email/code', {
    body: { newEmail: email, password: given },
    headers: asCaller,
  });
const change = ({ asCaller }: SignedIn, email: string, codeToken: string, code: string) =>
  fixture.ask('PUT', '/v1/auth/me/email', { body: { newEmail: email, codeToken, code }, headers: asCaller });
const emailOf = async ({ asCaller }: SignedIn) =>
  (await fixture.ask<{ email: string }>('GET', '/v1/auth/me', { headers: asCaller })).body.email;
const badCode = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);
const conflict = (detail: string) => problem(409, 'CONFLICT', 'In conflict with what is there', detail);

/** A user with a change of address under way. */
const begin = async () => {
  const user = await fixture.signUp();
  const email = newEmail();
  const { codeToken } = (await askCode(user, email.toUpperCase())).body;
  return { user, email, codeToken, code: await fixture.codeFor(email) };
};

describe('PUT /v1/auth/me/email', () => {
  test('changes the address by the code once, ends other sessions and access tokens, tells both addresses and the audit', async () => {
    // The list of ended access tokens, below, goes back half a minute.
    fixture.clock.advance(60);
    const { user, email, codeToken, code } = await begin();
    const other = await fixture.asSignedIn(user.email);
    const before = fixture.clock.now().toISOString();
    const answers = await Promise.all(Array.from({ length: 4 }, () => change(user, email, codeToken, code)));
    expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([204, 422, 422, 422]);
    expect(await emailOf(user)).toBe(email);
    expect((await fixture.ask('GET', '/v1/auth/me', { headers: other.asCaller })).status).toBe(401);
    expect([(await fixture.logIn(user.email)).status, (await fixture.logIn(email)).status]).toEqual([401, 200]);
    expect((await fixture.mailbox.nthTo(user.email, 1)).text).toContain('The address of your account at Guildhall was changed');
    expect((await fixture.mailbox.nthTo(email, 2)).text).toContain('This is the address of your account at Guildhall');
    const revoked = await fixture.ask<{ accounts: unknown }>('GET', `/internal/revoked-sessions?since=${before}`, {
      headers: await fixture.asService(),
    });
    expect(revoked.body.accounts).toEqual([{ userId: user.userId, accessVersion: 1 }]);
    const common = { requestId: 'request-1', service: 'auth', result: 'success' };
    const actor = { type: 'user', id: user.userId, sessionId: user.sessionId, ip: clientAddress };
    expect((await auditOf(fixture.tables, user.userId)).filter(({ action }) => action === 'user.change-email')).toEqual([
      {
        ...common,
        actor,
        action: 'user.change-email',
        resource: { type: 'user', id: user.userId, name: 'Ada' },
        changes: [{ path: '/email', before: user.email, after: email }],
      },
      {
        ...common,
        result: 'denied',
        actor,
        action: 'user.change-email',
        resource: { type: 'user', id: user.userId, name: 'Ada' },
      },
    ]);
    expect((await auditOf(fixture.tables, other.sessionId)).at(-1)).toMatchObject({
      action: 'session.revoke',
      changes: [{ path: '/reason', after: 'email-changed' }],
    });
    expect(JSON.stringify(await readOutbox(fixture.tables))).not.toContain(code);
  });

  test('is for who asked alone: not for another account, another purpose, a sixth try or after 15 minutes', async () => {
    const { user, email, codeToken, code } = await begin();
    const stranger = await fixture.signUp();
    expect((await change(stranger, email, codeToken, code)).body).toEqual(badCode);
    const again = await begin();
    expect((await fixture.spendCode(again.email, again.code, again.codeToken)).body).toEqual(badCode);
    expect((await change(again.user, again.email, noCodeToken, again.code)).body).toEqual(badCode);
    expect((await change(again.user, newEmail(), again.codeToken, again.code)).body).toEqual(badCode);
    const wrong = again.code === '00000000' ? '00000001' : '00000000';
    for (let count = 0; count < 3; count += 1)
      expect((await change(again.user, again.email, again.codeToken, wrong)).body).toEqual(badCode);
    expect((await change(again.user, again.email, again.codeToken, again.code)).body).toEqual(badCode);
    const late = await begin();
    fixture.clock.advance(901);
    const asCaller = await fixture.asCaller(late.user.userId, late.user.sessionId);
    expect((await change({ ...late.user, asCaller }, late.email, late.codeToken, late.code)).body).toEqual(badCode);
    fixture.clock.advance(-901);
    expect([await emailOf(user), await emailOf(again.user), await emailOf(late.user)]).toEqual([
      user.email,
      again.user.email,
      late.user.email,
    ]);
  });

  test('gives an address that two want to one of them', async () => {
    const [one, two] = [await fixture.signUp(), await fixture.signUp()];
    const email = newEmail();
    const tokens = [(await askCode(one, email)).body.codeToken, (await askCode(two, email)).body.codeToken];
    const codes = [await fixture.codeFor(email, 1), await fixture.codeFor(email, 2)];
    // Mails may be sent in any order: the code of each is the one that its token is good with.
    const attempts = [one, two].map(async (user, index) => {
      const answers = [];
      for (const code of codes) answers.push((await change(user, email, tokens[index] ?? '', code)).status);
      return answers;
    });
    const statuses = (await Promise.all(attempts)).flat();
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(1);
  });

  test('refuses a session that has ended', async () => {
    const { user, email, codeToken, code } = await begin();
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    for (const answer of [await change(user, email, codeToken, code), await askCode(user, email)])
      expect(answer).toMatchObject({ status: 401, body: { code: 'SESSION_ENDED' } });
  });
});

test('a change that waits for its code goes with the account', async () => {
  const { user } = await begin();
  const waiting = async () =>
    (await fixture.tables.connection.query(sql.unsafe`SELECT id FROM auth.email_changes WHERE user_id = ${user.userId}`))
      .rowCount;
  expect(await waiting()).toBe(1);
  await fixture.ask('POST', '/v1/auth/me/erase', { body: { password }, headers: user.asCaller });
  expect(await waiting()).toBe(0);
});

describe('POST /v1/auth/me/email/code', () => {
  test('wants the password, counts wrong ones as failed log-ins, and mails nobody then', async () => {
    const user = await fixture.signUp();
    const email = newEmail();
    const { status, body } = await askCode(user, email, 'not the right sentence');
    expect({ status, body }).toEqual({
      status: 401,
      body: problem(401, 'WRONG_PASSWORD', 'The address or the password is wrong', 'The password is wrong.'),
    });
    const statuses = new Set<number>();
    for (let count = 0; count < 10; count += 1) statuses.add((await askCode(user, email, 'not the right sentence')).status);
    expect(statuses).toEqual(new Set([401, 429]));
    expect(fixture.mailbox.mails.filter(({ to }) => to === email)).toEqual([]);
    const denied = (await auditOf(fixture.tables, user.userId)).find(({ action }) => action === 'user.change-email');
    expect(denied?.result).toBe('denied');
  });

  test('answers the same for an address that has an account, and mails it nothing; refuses the own one', async () => {
    const [user, other] = [await fixture.signUp(), await fixture.signUp()];
    const { status, body } = await askCode(user, other.email);
    expect({ status, body }).toEqual({ status: 202, body: { status: 'sent_if_free', codeToken: expect.any(String) } });
    expect((await askCode(user, user.email.toUpperCase())).body).toEqual(conflict('This is your address already.'));
    // A mail to a free address that was asked for later has come: one to the taken address would have, too.
    const free = newEmail();
    await askCode(user, free);
    await fixture.codeFor(free);
    expect(fixture.mailbox.mails.filter(({ to }) => to === other.email)).toEqual([]);
  });

  test('is asked anew for a fresh code: that of a registration is no way to one', async () => {
    const { user, email, codeToken, code } = await begin();
    fixture.clock.advance(61);
    expect((await fixture.resend(email, codeToken)).status).toBe(202);
    expect(
      (await change({ ...user, asCaller: await fixture.asCaller(user.userId, user.sessionId) }, email, codeToken, code)).status,
    ).toBe(204);
  });
});

const deactivate = ({ asCaller }: SignedIn, given = password) =>
  fixture.ask('POST', '/v1/auth/me/deactivate', { body: { password: given }, headers: asCaller });

describe('POST /v1/auth/me/deactivate', () => {
  test('suspends the account with its password and ends its sessions, until an administrator lets it in again', async () => {
    const [user, admin] = [await fixture.signUp(), await fixture.signUpWithRole('admin')];
    expect(await deactivate(user, 'not the right sentence')).toMatchObject({ status: 401, body: { code: 'WRONG_PASSWORD' } });
    expect((await deactivate(user)).status).toBe(204);
    expect((await fixture.ask('GET', '/v1/auth/me', { headers: user.asCaller })).status).toBe(401);
    expect(await fixture.logIn(user.email)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_SUSPENDED' } });
    expect((await auditOf(fixture.tables, user.userId)).filter(({ action }) => action === 'user.deactivate')).toMatchObject([
      { result: 'denied' },
      { result: 'success', changes: [{ path: '/status', before: 'active', after: 'suspended' }] },
    ]);
    expect((await auditOf(fixture.tables, user.sessionId)).at(-1)).toMatchObject({
      changes: [{ path: '/reason', after: 'deactivated' }],
    });
    const path = `/v1/users/${user.userId}`;
    const asAdmin = await fixture.asCaller(admin.userId, admin.sessionId, ['user:read', 'user:update']);
    const { headers } = await fixture.ask('GET', path, { headers: asAdmin });
    const ifMatch = headers.get('etag') ?? '';
    const body = { status: 'active' };
    expect((await fixture.ask('PATCH', path, { body, headers: { ...asAdmin, 'if-match': ifMatch } })).status).toBe(200);
    expect((await fixture.logIn(user.email)).status).toBe(200);
  });

  test('keeps the last active owner', async () => {
    await fixture.removeOwners();
    const owner = await fixture.signUpWithRole('owner');
    expect((await deactivate(owner)).body).toEqual(
      conflict('The last active owner cannot be deactivated. Give the role to someone else first.'),
    );
    const second = await fixture.signUpWithRole('owner');
    const answers = await Promise.all([deactivate(owner), deactivate(second)]);
    expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([204, 409]);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
