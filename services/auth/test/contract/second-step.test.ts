import { createHash } from 'node:crypto';
import { sql } from '@guildhall/db';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf, misshapenEvents } from './events.ts';
import { clientAddress, password, problem, type SignedIn } from './fixture.ts';
import { startSecondFactorFixture, type Enrolment, type SecondFactorFixture, type SecondStep } from './second-factor-fixture.ts';

let fixture: SecondFactorFixture;
beforeAll(async () => {
  fixture = await startSecondFactorFixture({ env: { SECOND_FACTOR_ROLES: 'owner,auditor' } });
});
afterAll(() => fixture.close());

const next = 'another long and quiet one';
const wrong = problem(
  422,
  'WRONG_CODE',
  'The code is wrong',
  'The code is wrong, was used, or has expired. Ask for a fresh one.',
  [{ path: '/code', message: 'is invalid' }],
);
const ended = problem(
  401,
  'CHALLENGE_ENDED',
  'The sign-in has ended',
  'This sign-in was finished, has expired, or was ended. Start again.',
);
const statusesOf = (answers: readonly { readonly status: number }[]) =>
  answers.map(({ status }) => status).toSorted((one, other) => one - other);
const step = (status: string, factors: readonly string[]) => ({
  status: 202,
  body: { status, factors, challengeToken: expect.stringMatching(/^[0-9a-f-]{36}\.[\w-]{43}$/), expiresIn: 600 },
});

/** The ways in, by what they do with an address, each answering the first step. */
const waysIn: readonly (readonly [string, (email: string) => Promise<{ readonly status: number; readonly body: unknown }>])[] = [
  ['password', (email) => fixture.logIn(email)],
  ...(['otp', 'magic_link'] as const).map(
    (purpose) =>
      [
        purpose,
        async (email: string) => {
          const { codeToken } = (await fixture.post<{ codeToken: string }>('/v1/auth/codes', { email, purpose })).body;
          const { text } = await fixture.mailbox.nthTo(email, 2);
          const code = (purpose === 'otp' ? /Your code is (\d{8})/ : /#\/sign-in\/[0-9a-f-]{36}\.(\S+)/).exec(text)?.[1];
          return fixture.post('/v1/auth/codes/verify', { email, purpose, codeToken, code });
        },
      ] as const,
  ),
];

describe.each(waysIn)('a sign-in by %s to an account with a second factor', (method, signIn) => {
  test('answers a challenge and opens no session; the code of the authenticator does', async () => {
    const { signUpWithFactor, show, answer, liveSessionsOf, tables } = fixture;
    const { user, secret } = await signUpWithFactor();
    const { status, body } = await signIn(user.email);
    expect({ status, body }).toEqual(step('second_factor_required', ['totp', 'recovery_code']));
    expect(await liveSessionsOf(user.userId)).toBe(1);
    const { challengeToken } = body as SecondStep;
    const done = await answer(challengeToken, show(secret));
    expect(done).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 300 } });
    expect(await liveSessionsOf(user.userId)).toBe(2);
    const { sub, sid = '' } = decodeJwt<{ sid?: string }>(done.body.accessToken);
    expect(sub).toBe(user.userId);
    expect(await auditOf(tables, sid)).toEqual([
      {
        actor: { type: 'user', id: user.userId, sessionId: sid, ip: clientAddress, userAgent: 'node' },
        action: 'session.create',
        resource: { type: 'session', id: sid, name: 'node' },
        changes: [
          { path: '/method', after: method },
          { path: '/secondFactor', after: 'totp' },
        ],
        result: 'success',
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: done.body.refreshToken })).status).toBe(200);
  });

  test('leads, where a role requires a factor that the account lacks, to its enrolment, which opens the session', async () => {
    const { signUp, grant, post, show, liveSessionsOf, mailbox, meStatus } = fixture;
    const user = await signUp();
    await fixture.post('/v1/auth/password/reset-code', { email: user.email });
    await mailbox.nthTo(user.email, 1);
    await grant(user.userId, 'auditor');
    const { status, body } = await signIn(user.email);
    expect({ status, body }).toEqual(step('second_factor_enrolment_required', []));
    const { challengeToken } = body as SecondStep;
    expect((await fixture.answer(challengeToken, '123456')).body).toEqual(ended);
    const enrolment = (await post<Enrolment>('/v1/auth/login/second-factor/enrol', { challengeToken })).body;
    const confirmation = { challengeToken, code: show(enrolment.secret), recoveryCode: enrolment.recoveryCodes[3] };
    const confirm = (more: object = {}) => post('/v1/auth/login/second-factor/confirm', { ...confirmation, ...more });
    expect((await confirm({ recoveryCode: 'aaaaa-aaaaa' })).status).toBe(422);
    expect(await liveSessionsOf(user.userId)).toBe(1);
    const answers = await Promise.all(Array.from({ length: 10 }, () => confirm()));
    expect(answers.filter(({ status: given }) => given === 200)).toHaveLength(1);
    expect([await liveSessionsOf(user.userId), await meStatus(user)]).toEqual([1, 401]);
    expect((await fixture.logIn(user.email)).body).toMatchObject({ status: 'second_factor_required' });
  });
});

describe('POST /v1/auth/login/second-factor', () => {
  test('takes a code once: of 100 at the same time, of one sign-in or of many, one opens a session', async () => {
    const { signUpWithFactor, show, challengeOf, answer, liveSessionsOf } = fixture;
    const { user, secret } = await signUpWithFactor();
    const challenges = [await challengeOf(user.email), await challengeOf(user.email)];
    const code = show(secret);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => answer(challenges[index % 2] ?? '', code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(statusesOf(answers).filter((status) => ![200, 401, 422, 429].includes(status))).toEqual([]);
    expect(statusesOf(answers).filter((status) => status === 401).length).toBeGreaterThanOrEqual(49);
    expect(await liveSessionsOf(user.userId)).toBe(2);
  });

  test('refuses the same code again, and one of a step before the last one', async () => {
    const { signUpWithFactor, show, challengeOf, answer, clock } = fixture;
    const { user, secret } = await signUpWithFactor();
    const [earlier, code] = [show(secret, -1), show(secret)];
    expect((await answer(await challengeOf(user.email), code)).status).toBe(200);
    for (const used of [code, earlier]) expect((await answer(await challengeOf(user.email), used)).body).toEqual(wrong);
    clock.advance(30);
    expect((await answer(await challengeOf(user.email), show(secret))).status).toBe(200);
  });

  test('keeps nobody out whose clock was set back by an hour', async () => {
    const { signUpWithFactor, show, challengeOf, answer, clock } = fixture;
    clock.advance(3600);
    const { user, secret } = await signUpWithFactor();
    clock.advance(-3600);
    expect((await answer(await challengeOf(user.email), show(secret))).status).toBe(200);
  });

  test('counts wrong codes by the account, wherever they come from, also at once, and delays the next ones', async () => {
    const { signUpWithFactor, show, challengeOf, answer, clock, tables } = fixture;
    const { user, secret } = await signUpWithFactor();
    const challenge = await challengeOf(user.email);
    const code = show(secret) === '000000' ? '000001' : '000000';
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => answer(challenge, code, `198.51.100.${index}`)));
    expect(answers.filter(({ status }) => status === 422).length).toBeLessThanOrEqual(5);
    expect(statusesOf(answers).filter((status) => ![422, 429].includes(status))).toEqual([]);
    const waiting = await answer(challenge, show(secret), '203.0.113.200');
    expect(waiting).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
    clock.advance(Number(waiting.headers.get('retry-after')));
    expect((await answer(challenge, show(secret))).status).toBe(200);
    expect((await auditOf(tables, user.userId)).filter(({ action }) => action === 'session.create').at(0)).toMatchObject({
      result: 'denied',
      resource: { type: 'user', id: user.userId },
    });
  });

  test('takes a recovery code once, and mails that it was used and how many are left', async () => {
    const { signUpWithFactor, challengeOf, answer, mailbox, liveSessionsOf } = fixture;
    const { user, recoveryCodes } = await signUpWithFactor();
    const [code = ''] = recoveryCodes;
    const [one, other] = [await challengeOf(user.email), await challengeOf(user.email)];
    const answers = await Promise.all([answer(one, code), answer(other, code), answer(one, code)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await liveSessionsOf(user.userId)).toBe(2);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('9 of them are left.');
    expect((await answer(await challengeOf(user.email), code)).body).toEqual(wrong);
  });

  test('wants a challenge: not one that was made up, used, or expired, and no other token', async () => {
    const { signUpWithFactor, show, challengeOf, answer, clock, codeTokenOf, post } = fixture;
    const { user, secret } = await signUpWithFactor();
    const challenge = await challengeOf(user.email);
    const made = `${challenge.slice(0, 36)}.${'A'.repeat(43)}`;
    for (const token of ['nonsense', made, codeTokenOf(user.email), user.tokens.refreshToken])
      expect((await answer(token, show(secret))).body).toEqual(ended);
    expect((await post('/v1/auth/refresh', { refreshToken: challenge })).status).toBe(401);
    expect((await answer(challenge, show(secret))).status).toBe(200);
    clock.advance(30);
    expect((await answer(challenge, show(secret))).body).toEqual(ended);
    const late = await challengeOf(user.email);
    clock.advance(601);
    expect((await answer(late, show(secret))).body).toEqual(ended);
  });

  test('is refused once the account was suspended', async () => {
    const { signUpWithFactor, show, challengeOf, answer, tables } = fixture;
    const { user, secret } = await signUpWithFactor();
    const challenge = await challengeOf(user.email);
    await tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${user.userId}`);
    expect((await answer(challenge, show(secret))).body).toEqual(ended);
  });
});

test('a reset of the password does not go around the second factor, and ends the sign-ins of the old one', async () => {
  const { signUpWithFactor, show, challengeOf, answer, post, codeFor, mailbox } = fixture;
  const { user, secret } = await signUpWithFactor();
  const challenge = await challengeOf(user.email);
  const { codeToken } = (await post<{ codeToken: string }>('/v1/auth/password/reset-code', { email: user.email })).body;
  const body = { email: user.email, codeToken, code: await codeFor(user.email, 2), newPassword: next };
  expect((await post('/v1/auth/password/reset', body)).status).toBe(204);
  expect((await mailbox.nthTo(user.email, 3)).text).toContain('/#/end-sessions/');
  expect((await answer(challenge, show(secret))).body).toEqual(ended);
  expect(await fixture.logIn(user.email, { password: next })).toMatchObject(
    step('second_factor_required', ['totp', 'recovery_code']),
  );
});

test('a change of the password ends the sign-ins of the old one', async () => {
  const { signUpWithFactor, show, challengeOf, answer, ask } = fixture;
  const { user, secret } = await signUpWithFactor();
  const challenge = await challengeOf(user.email);
  const body = { currentPassword: password, newPassword: next };
  expect((await ask('PUT', '/v1/auth/password', { body, headers: user.asCaller })).status).toBe(204);
  expect((await answer(challenge, show(secret))).body).toEqual(ended);
});

test('an administrator who signs a user out ends the sign-ins under way, too', async () => {
  const { signUpWithFactor, signUp, grant, asCaller, show, challengeOf, answer, ask } = fixture;
  const [{ user, secret }, admin] = [await signUpWithFactor(), await signUp()];
  await grant(admin.userId, 'admin');
  const challenge = await challengeOf(user.email);
  const headers = await asCaller(admin.userId, admin.sessionId, ['user:update']);
  expect((await ask('DELETE', `/v1/users/${user.userId}/sessions`, { headers })).status).toBe(204);
  expect((await answer(challenge, show(secret))).body).toEqual(ended);
});

const resetBy = ({ asCaller }: SignedIn, userId: string) =>
  fixture.ask('DELETE', `/v1/users/${userId}/second-factor`, { headers: asCaller });

describe('DELETE /v1/users/:userId/second-factor', () => {
  test('lets somebody in again who lost theirs: sessions and sign-ins under way end, and they are mailed', async () => {
    const { signUpWithFactor, signUpWithRole, show, challengeOf, answer, meStatus, mailbox, tables, logIn } = fixture;
    const [{ user, secret, recoveryCodes }, admin] = [await signUpWithFactor(), await signUpWithRole('admin')];
    const challenge = await challengeOf(user.email);
    expect((await resetBy(admin, user.userId)).status).toBe(204);
    expect(await meStatus(user)).toBe(401);
    for (const code of [show(secret), recoveryCodes[0] ?? '']) expect((await answer(challenge, code)).body).toEqual(ended);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('Whoever runs this installation removed the authenticator');
    expect((await logIn(user.email)).status).toBe(200);
    const events = (await auditOf(tables, user.userId)).filter(({ action }) => action === 'user.reset-second-factor');
    expect(events).toEqual([
      expect.objectContaining({
        actor: expect.objectContaining({ id: admin.userId }),
        result: 'success',
        changes: [{ path: '/secondFactor', after: null }],
      }),
    ]);
    expect((await resetBy(admin, user.userId)).status).toBe(204);
  });

  test('is not for members, for whoever may do less, or for the own account', async () => {
    const { signUpWithFactor, signUpWithRole, signUp, grant, meStatus } = fixture;
    const [{ user }, admin] = [await signUpWithFactor(), await signUpWithRole('admin')];
    expect((await resetBy(await signUp(), user.userId)).status).toBe(403);
    expect((await resetBy(admin, admin.userId)).status).toBe(409);
    await grant(user.userId, 'owner');
    expect((await resetBy(admin, user.userId)).body).toMatchObject({ detail: 'This user may do more than you may yourself.' });
    expect((await resetBy(admin, 'nobody')).status).toBe(404);
    expect(await meStatus(user)).toBe(200);
  });
});

const removeWith = ({ asCaller }: SignedIn, code: string) =>
  fixture.ask('POST', '/v1/auth/totp/remove', { body: { password, code }, headers: asCaller });

describe('a role that requires a second factor', () => {
  test('keeps its holder from removing it, until the role is taken', async () => {
    const { signUpWithFactor, grant, show, tables, ask } = fixture;
    const { user, secret } = await signUpWithFactor();
    await grant(user.userId, 'auditor');
    expect((await ask('GET', '/v1/auth/totp', { headers: user.asCaller })).body).toMatchObject({
      isActive: true,
      isRequired: true,
    });
    expect((await removeWith(user, show(secret))).body).toEqual(
      problem(409, 'CONFLICT', 'In conflict with what is there', 'A role of this account requires a second factor.'),
    );
    await tables.connection.query(sql.unsafe`DELETE FROM auth.user_roles WHERE user_id = ${user.userId} AND role = 'auditor'`);
    expect((await removeWith(user, show(secret))).status).toBe(204);
  });

  test('ends a session without one at its next refresh, and leaves one with both factors', async () => {
    const { signUp, signUpWithFactor, grant, post, tables } = fixture;
    const [single, multi] = [await signUp(), (await signUpWithFactor()).user];
    for (const { userId } of [single, multi]) await grant(userId, 'auditor');
    const refresh = ({ tokens }: SignedIn) => post('/v1/auth/refresh', { refreshToken: tokens.refreshToken });
    expect(await refresh(single)).toMatchObject({ status: 401, body: { code: 'SESSION_ENDED' } });
    expect(await refresh(single)).toMatchObject({ status: 401 });
    expect((await auditOf(tables, single.sessionId)).at(-1)).toMatchObject({
      action: 'session.revoke',
      changes: [{ path: '/reason', after: 'second-factor-required' }],
    });
    expect((await refresh(multi)).status).toBe(200);
  });
});

test('a personal access token goes on working: it is no way in, and was made in a session', async () => {
  const { signUp, ask, beginTotp, confirmTotp, show, asService } = fixture;
  const user = await signUp();
  const body = { name: 'CI', permissions: ['script:read'], expiresInDays: 1 };
  const { token } = (await ask<{ token: string }>('POST', '/v1/auth/tokens', { body, headers: user.asCaller })).body;
  const { secret, recoveryCodes } = (await beginTotp(user)).body;
  expect((await confirmTotp(user, { code: show(secret), recoveryCode: recoveryCodes[0] ?? '' })).status).toBe(204);
  const asked = {
    body: { tokenHash: createHash('sha256').update(token).digest('base64url') },
    headers: await asService('gateway'),
  };
  const { found } = (await ask<{ found: unknown }>('POST', '/internal/personal-tokens/find', asked)).body;
  expect(found).toMatchObject({ tokenPermissions: ['script:read'] });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});

const createToken = async ({ userId, sessionId }: SignedIn) =>
  (
    await fixture.ask<{ id: string; token: string }>('POST', '/v1/auth/tokens', {
      body: { name: 'CI', permissions: ['audit:read'], expiresInDays: 30 },
      headers: await fixture.asCaller(userId, sessionId),
    })
  ).body;
/** The reason for which each token of the own list is refused now. */
const listed = async ({ userId, sessionId }: SignedIn) => {
  const headers = await fixture.asCaller(userId, sessionId);
  const { body } = await fixture.ask<{ items: { refusedFor: string | null }[] }>('GET', '/v1/auth/tokens', { headers });
  return body.items.map(({ refusedFor }) => refusedFor);
};
const acts = async ({ userId }: SignedIn, { id, token }: { readonly id: string; readonly token: string }) => {
  const headers = await fixture.asService('gateway');
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  const find = { body: { tokenHash }, headers };
  const found = await fixture.ask<{ found: object | null }>('POST', '/internal/personal-tokens/find', find);
  const now = `/internal/permissions?userId=${userId}&sessionId=${id}`;
  const rights = await fixture.ask<{ permissions: readonly string[] | null }>('GET', now, { headers });
  return [found.body.found !== null, rights.body.permissions];
};

describe('a personal access token of who holds a role that requires a second factor', () => {
  test('acts only if a session with both factors made it, whenever the role came', async () => {
    const user = await fixture.signUp();
    const made = await createToken(user);
    expect(await acts(user, made)).toEqual([true, []]);
    expect(await listed(user)).toEqual([null]);
    await fixture.grant(user.userId, 'auditor');
    expect(await acts(user, made)).toEqual([false, null]);
    expect(await listed(user)).toEqual(['second_factor']);

    const { user: careful } = await fixture.signUpWithFactor();
    const good = await createToken(careful);
    await fixture.grant(careful.userId, 'auditor');
    expect(await acts(careful, good)).toEqual([true, ['audit:read']]);
    expect(await listed(careful)).toEqual([null]);
  });

  test('made before the second factor was added stays refused after it: whoever made it has not shown it', async () => {
    const user = await fixture.signUp();
    const made = await createToken(user);
    await fixture.grant(user.userId, 'auditor');
    const { body } = await fixture.beginTotp(user);
    const confirmation = { code: fixture.show(body.secret), recoveryCode: body.recoveryCodes[0] ?? '' };
    expect((await fixture.confirmTotp(user, confirmation)).status).toBe(204);
    expect(await acts(user, made)).toEqual([false, null]);
    expect(await acts(user, await createToken(user))).toEqual([true, ['audit:read']]);
  });

  test('of a program acts: nobody signs in to it', async () => {
    const { user: owner } = await fixture.signUpWithFactor();
    await fixture.grant(owner.userId, 'owner');
    const { asCaller } = await fixture.again(owner);
    const headers = { ...asCaller, ...(await fixture.asCaller(owner.userId, owner.sessionId, ['user:read', 'user:update'])) };
    const account = await fixture.ask<{ id: string }>('POST', '/v1/service-accounts', { body: { name: 'Runner' }, headers });
    const { id } = account.body;
    await fixture.grant(id, 'auditor');
    const route = `/v1/service-accounts/${id}/tokens`;
    const body = { name: 'CI', permissions: ['audit:read'], expiresInDays: 30 };
    const made = await fixture.ask<{ id: string; token: string }>('POST', route, { body, headers });
    expect(await acts({ ...owner, userId: id }, made.body)).toEqual([true, ['audit:read']]);
  });
});
