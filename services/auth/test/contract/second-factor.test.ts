import { sql, uncheckedRow } from '@guildhall/db';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { auditOf, misshapenEvents, readOutbox } from './events.ts';
import { clientAddress, password, problem, type SignedIn } from './fixture.ts';
import { useAuthService } from './use-auth-service.ts';

const fixture = useAuthService();

const wrong = (path: '/code' | '/recoveryCode' = '/code') =>
  problem(422, 'WRONG_CODE', 'The code is wrong', 'The code is wrong, was used, or has expired. Ask for a fresh one.', [
    { path, message: 'is invalid' },
  ]);
const conflict = (detail: string) => problem(409, 'CONFLICT', 'In conflict with what is there', detail);
const state = async ({ asCaller }: SignedIn) => (await fixture.ask('GET', '/v1/auth/totp', { headers: asCaller })).body;
const remove = ({ asCaller }: SignedIn, code: string, given = password) =>
  fixture.ask('POST', '/v1/auth/totp/remove', { body: { password: given, code }, headers: asCaller });
const renew = ({ asCaller }: SignedIn, code: string) =>
  fixture.ask<{ recoveryCodes: string[] }>('POST', '/v1/auth/recovery-codes', { body: { code }, headers: asCaller });
const factorEvents = async (userId: string) =>
  (await auditOf(fixture.tables, userId)).filter(({ action }) => /factor|recovery/.test(action));

describe('a second factor', () => {
  test('is begun with the password, and does nothing until a code and a recovery code confirm it', async () => {
    const { signUp, asSignedIn, beginTotp, confirmTotp, show, logIn, meStatus, mailbox } = fixture;
    const user = await signUp();
    const other = await asSignedIn(user.email);
    const idle = { isActive: false, isRequired: false, activatedAt: null, recoveryCodesLeft: 0 };
    expect(await state(user)).toEqual(idle);
    expect(await beginTotp(user, 'not the right sentence')).toMatchObject({ status: 401, body: { code: 'WRONG_PASSWORD' } });
    const { status, body, headers } = await beginTotp(user);
    expect({ status, store: headers.get('cache-control') }).toEqual({ status: 200, store: 'no-store' });
    expect(body).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: `otpauth://totp/Guildhall:${encodeURIComponent(user.email)}?secret=${body.secret}&issuer=Guildhall`,
      recoveryCodes: Array.from({ length: 10 }, () => expect.stringMatching(/^[a-z2-9]{5}-[a-z2-9]{5}$/)),
    });
    const [recoveryCode = ''] = body.recoveryCodes;
    expect(await state(user)).toEqual(idle);
    expect((await logIn(user.email)).status).toBe(200);
    const code = show(body.secret);
    expect((await confirmTotp(user, { code: show(body.secret, 5), recoveryCode })).body).toEqual(wrong());
    expect((await confirmTotp(user, { code, recoveryCode: 'aaaaa-aaaaa' })).body).toEqual(wrong('/recoveryCode'));
    expect((await confirmTotp(user, { code, recoveryCode })).status).toBe(204);
    expect(await state(user)).toEqual({
      isActive: true,
      isRequired: false,
      activatedAt: expect.stringMatching(/Z$/),
      recoveryCodesLeft: 10,
    });
    expect([await meStatus(user), await meStatus(other)]).toEqual([200, 401]);
    expect((await mailbox.nthTo(user.email, 1)).text).toContain('An authenticator was added to your account');
    expect(await factorEvents(user.userId)).toEqual([
      expect.objectContaining({ action: 'user.begin-second-factor', result: 'denied' }),
      {
        actor: { type: 'user', id: user.userId, sessionId: user.sessionId, ip: clientAddress },
        action: 'user.add-second-factor',
        resource: { type: 'user', id: user.userId, name: 'Ada' },
        changes: [{ path: '/secondFactor', before: null, after: 'totp' }],
        result: 'success',
        requestId: 'request-1',
        service: 'auth',
      },
    ]);
    expect((await auditOf(fixture.tables, other.sessionId)).at(-1)).toMatchObject({
      action: 'session.revoke',
      changes: [{ path: '/reason', after: 'second-factor-added' }],
    });
    expect((await beginTotp(user)).body).toEqual(
      conflict('This account has a second factor already. Remove it before you add another one.'),
    );
    expect((await confirmTotp(user, { code, recoveryCode })).status).toBe(409);
  });

  test('that is begun twice is confirmed with the last secret alone, and of ten confirmations at once one succeeds', async () => {
    const { signUp, beginTotp, confirmTotp, show } = fixture;
    const user = await signUp();
    const [first, last] = [(await beginTotp(user)).body, (await beginTotp(user)).body];
    expect((await confirmTotp(user, { code: show(first.secret), recoveryCode: first.recoveryCodes[0] ?? '' })).body).toEqual(
      wrong(),
    );
    const confirmation = { code: show(last.secret), recoveryCode: last.recoveryCodes[9] ?? '' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => confirmTotp(user, confirmation)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  test('is stored encrypted, its recovery codes hashed, and neither is in an event or a log line', async () => {
    const { user, secret, recoveryCodes } = await fixture.signUpWithFactor();
    const TextRow = uncheckedRow({ text: Type.String() });
    const { text } = await fixture.tables.connection.one(sql.type(TextRow)`
      SELECT concat(to_jsonb(authenticator), to_jsonb(recovery)) AS text
      FROM auth.totp_secrets AS authenticator JOIN auth.recovery_codes AS recovery ON recovery.user_id = authenticator.user_id
      WHERE authenticator.user_id = ${user.userId}`);
    expect(text).toContain(user.userId);
    const places = [text, JSON.stringify(await readOutbox(fixture.tables)), fixture.lines.join('\n')];
    expect([secret, ...recoveryCodes].filter((given) => places.some((place) => place.includes(given)))).toEqual([]);
  });

  test('is removed with the password and a code; every other session ends, and the user is mailed', async () => {
    const { signUpWithFactor, again, show, challengeOf, answer, logIn, mailbox, clock, liveSessionsOf } = fixture;
    const { user: before, secret } = await signUpWithFactor();
    await answer(await challengeOf(before.email), show(secret));
    clock.advance(30);
    const user = await again(before);
    expect(await liveSessionsOf(user.userId)).toBe(2);
    expect((await remove(user, show(secret, 5))).body).toEqual(wrong());
    expect((await remove(user, show(secret), 'not the right sentence')).status).toBe(401);
    expect((await remove(user, show(secret))).status).toBe(204);
    expect(await state(user)).toMatchObject({ isActive: false, recoveryCodesLeft: 0 });
    expect(await liveSessionsOf(user.userId)).toBe(1);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('The second factor of your account at Guildhall was removed');
    expect((await factorEvents(user.userId)).slice(1)).toMatchObject([
      { action: 'user.remove-second-factor', result: 'denied' },
      { action: 'user.remove-second-factor', result: 'success' },
    ]);
    expect((await logIn(user.email)).status).toBe(200);
    expect((await remove(user, show(secret))).body).toEqual(conflict('This account has no second factor.'));
    expect((await renew(user, show(secret))).body).toEqual(conflict('This account has no second factor.'));
  });

  test('gives fresh recovery codes for a code of the authenticator, and those of before end', async () => {
    const { signUpWithFactor, show, challengeOf, answer, mailbox } = fixture;
    const { user, secret, recoveryCodes } = await signUpWithFactor();
    expect((await renew(user, '000000')).body).toEqual(wrong());
    const fresh = (await renew(user, show(secret))).body.recoveryCodes;
    expect(fresh.filter((code) => recoveryCodes.includes(code))).toEqual([]);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('Your account has other recovery codes');
    const challenge = await challengeOf(user.email);
    expect((await answer(challenge, recoveryCodes[0] ?? '')).body).toEqual(wrong());
    expect((await answer(challenge, fresh[0] ?? '')).status).toBe(200);
    expect(await state(user)).toMatchObject({ recoveryCodesLeft: 9 });
  });

  test('goes with an erased account', async () => {
    const { user } = await fixture.signUpWithFactor();
    expect((await fixture.ask('POST', '/v1/auth/me/erase', { body: { password }, headers: user.asCaller })).status).toBe(204);
    for (const table of ['totp_secrets', 'recovery_codes'])
      expect(
        (
          await fixture.tables.connection.query(
            sql.unsafe`SELECT user_id FROM ${sql.identifier(['auth', table])} WHERE user_id = ${user.userId}`,
          )
        ).rowCount,
      ).toBe(0);
  });

  test('is not told of once the session has ended', async () => {
    const { signUp, beginTotp, confirmTotp } = fixture;
    const user = await signUp();
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    const answers = [
      await fixture.ask('GET', '/v1/auth/totp', { headers: user.asCaller }),
      await beginTotp(user),
      await confirmTotp(user, { code: '123456', recoveryCode: 'aaaaa-aaaaa' }),
      await remove(user, '123456'),
      await renew(user, '123456'),
    ];
    expect(answers.map(({ body }) => (body as { code?: string }).code)).toEqual(answers.map(() => 'SESSION_ENDED'));
  });
});

describe('the link in a mail about a changed credential', () => {
  test('ends every session and every sign-in under way, may be repeated, and can do nothing else', async () => {
    const { signUpWithFactor, challengeOf, answer, show, endLinkIn, endSessions, meStatus } = fixture;
    const { user, secret } = await signUpWithFactor();
    const challenge = await challengeOf(user.email);
    const link = await endLinkIn(user.email, 1);
    expect((await endSessions(link)).status).toBe(204);
    expect(await meStatus(user)).toBe(401);
    expect((await fixture.post('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken })).status).toBe(401);
    expect(await answer(challenge, show(secret))).toMatchObject({ status: 401, body: { code: 'CHALLENGE_ENDED' } });
    expect((await auditOf(fixture.tables, user.sessionId)).at(-1)).toMatchObject({
      actor: { type: 'user', id: user.userId },
      changes: [{ path: '/reason', after: 'mailed-link' }],
    });
    expect((await endSessions(link)).status).toBe(204);
    expect((await answer(await challengeOf(user.email), show(secret))).status).toBe(200);
  });

  test('is refused when it was made up or altered, and after seven days', async () => {
    const { signUpWithFactor, endLinkIn, endSessions, clock, meStatus } = fixture;
    const { user } = await signUpWithFactor();
    const link = await endLinkIn(user.email, 1);
    const refused = problem(422, 'WRONG_CODE', 'The code is wrong', 'The link is wrong or has expired.', [
      { path: '/linkToken', message: 'is invalid' },
    ]);
    const altered = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const given of ['nonsense', altered]) expect((await endSessions(given)).body).toEqual(refused);
    expect(await meStatus(user)).toBe(200);
    clock.advance(7 * 24 * 3600);
    expect((await endSessions(link)).body).toEqual(refused);
  });
});

test('every event is as the contracts say', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
});
