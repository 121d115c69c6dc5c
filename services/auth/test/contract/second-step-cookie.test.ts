import { afterAll, beforeAll, expect, test } from 'vitest';
import { password } from './fixture.ts';
import { startSecondFactorFixture, type Enrolment, type SecondFactorFixture, type SecondStep } from './second-factor-fixture.ts';

let fixture: SecondFactorFixture;
beforeAll(async () => {
  const env = { PUBLIC_URL: 'https://guildhall.test', SECOND_FACTOR_ROLES: 'auditor' };
  fixture = await startSecondFactorFixture({ env });
});
afterAll(() => fixture.close());

type Headers = Readonly<Record<string, string>>;
const sameOrigin: Headers = { 'sec-fetch-site': 'same-origin' };
const signedIn = { accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 300 };
const cookie = expect.stringMatching(/^__Host-guildhall-session=[0-9a-f-]{36}\.[\w-]{43}; .*HttpOnly; SameSite=Strict$/);

/** Ends a sign-in with `session: 'cookie'`, from a page of another origin first: that opens nothing. */
const finishInCookie = async (path: string, body: object) => {
  const send = (headers: Headers) => fixture.post(path, { ...body, session: 'cookie' }, headers);
  expect(await send({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  const answer = await send(sameOrigin);
  return { status: answer.status, body: answer.body, cookie: answer.headers.get('set-cookie') };
};

test('the second step puts the refresh token into the cookie, and the first one sets none', async () => {
  const { signUpWithFactor, post, show } = fixture;
  const { user, secret } = await signUpWithFactor();
  const first = await post<SecondStep>('/v1/auth/login', { email: user.email, password, session: 'cookie' }, sameOrigin);
  expect([first.status, first.headers.get('set-cookie')]).toEqual([202, null]);
  const body = { challengeToken: first.body.challengeToken, code: show(secret) };
  expect(await finishInCookie('/v1/auth/login/second-factor', body)).toEqual({ status: 200, body: signedIn, cookie });
});

test('a sign-in that adds the second factor puts the refresh token into the cookie', async () => {
  const { signUp, grant, challengeOf, post, show } = fixture;
  const user = await signUp();
  await grant(user.userId, 'auditor');
  const challengeToken = await challengeOf(user.email);
  const { secret, recoveryCodes } = (await post<Enrolment>('/v1/auth/login/second-factor/enrol', { challengeToken })).body;
  const body = { challengeToken, code: show(secret), recoveryCode: recoveryCodes[0] };
  expect(await finishInCookie('/v1/auth/login/second-factor/confirm', body)).toEqual({ status: 200, body: signedIn, cookie });
});

test('a sign-in by code puts the refresh token into the cookie', async () => {
  const { signUp, post, codeFor } = fixture;
  const { email } = await signUp();
  const { codeToken } = (await post<{ codeToken: string }>('/v1/auth/codes', { email, purpose: 'otp' })).body;
  const body = { email, purpose: 'otp', codeToken, code: await codeFor(email) };
  expect(await finishInCookie('/v1/auth/codes/verify', body)).toEqual({ status: 200, body: signedIn, cookie });
});
