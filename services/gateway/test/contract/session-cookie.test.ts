import { randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, startTestGateway, stoppedClock, type TestGateway } from '../support/gateway.ts';
import { sendJson } from '../support/stand-in.ts';
import { startStandInTeam, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;
let token: string;
beforeEach(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway(
    { ...team.env, SIGN_INS_PER_MINUTE_MAX: '2', CORS_ORIGINS: 'https://other.example' },
    stoppedClock,
  );
  token = await team.issuer.sign({ userId: 'ada', permissions: ['role:read'] });
  await waitFor(async () => (await ask(at('/v1/auth/me'), { token })).status === 200);
  team.passed.length = 0;
});
afterEach(async () => {
  await gateway.stop();
  await team.stop();
});
const at = (path: string): string => `${gateway.url}${path}`;

const session = randomUUID();
const cookie = `__Host-guildhall-session=${session}.secret`;
const browser = { cookie: `theme=dark; ${cookie}; other=1`, 'sec-fetch-site': 'same-origin' };

const refresh = async (headers: Record<string, string>, body: object = {}) =>
  (await ask(at('/v1/auth/refresh'), { method: 'POST', headers, body })).status;

test('the session cookie goes to the operations that take it, alone of all cookies, and to no other', async () => {
  for (const [method, path] of [
    ['POST', '/v1/auth/login'],
    ['POST', '/v1/auth/refresh'],
    ['POST', '/v1/auth/logout'],
    ['POST', '/v1/auth/register'],
    ['GET', '/v1/auth/me'],
    ['GET', '/v1/roles'],
    ['GET', '/v1/communities'],
  ] as const)
    await ask(at(path), { method, token, headers: browser, ...(method === 'POST' ? { body: {} } : {}) });
  const seen = team.passed.map(({ url, headers }) => [url, headers['cookie'], headers['sec-fetch-site']]);
  expect(seen).toEqual([
    ['/v1/auth/login', cookie, 'same-origin'],
    ['/v1/auth/refresh', cookie, 'same-origin'],
    ['/v1/auth/logout', cookie, 'same-origin'],
    ['/v1/auth/register', undefined, undefined],
    ['/v1/auth/me', undefined, undefined],
    ['/v1/roles', undefined, undefined],
    ['/v1/communities', undefined, undefined],
  ]);
});

test('the cookie is no access token: a route that wants one answers 401', async () => {
  expect((await ask(at('/v1/auth/me'), { headers: browser })).status).toBe(401);
  expect((await ask(at('/v1/auth/logout'), { method: 'POST', headers: browser })).status).toBe(401);
  expect(team.passed).toEqual([]);
});

test('exchanges by cookie are limited for each session and network, as those by token', async () => {
  expect([await refresh(browser), await refresh(browser), await refresh(browser)]).toEqual([200, 200, 429]);
  expect(await refresh({ ...browser, cookie: `__Host-guildhall-session=${randomUUID()}.secret` })).toBe(200);
  const inBody = { refreshToken: `${randomUUID()}.secret` };
  expect([await refresh(browser, inBody), await refresh(browser, inBody), await refresh(browser, inBody)]).toEqual([
    200, 200, 429,
  ]);
});

test('what auth sets reaches the browser, and a page of another site may neither send cookies nor read the answer', async () => {
  const field = '__Host-guildhall-session=a.b; Max-Age=1209600; Path=/; Secure; HttpOnly; SameSite=Strict';
  team.instead = (_request, response) => {
    response.setHeader('set-cookie', field);
    sendJson(response, 200, {});
  };
  const answer = await ask(at('/v1/auth/login'), { method: 'POST', headers: browser, body: {} });
  expect(answer.headers.getSetCookie()).toEqual([field]);
  for (const origin of ['https://other.example', 'https://evil.example']) {
    const preflight = await ask(at('/v1/auth/refresh'), {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  }
});
