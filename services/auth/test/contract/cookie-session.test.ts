import { sql, uncheckedRow } from '@guildhall/db';
import { decodeJwt } from 'jose';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from './events.ts';
import { password, problem, startFixture, type Fixture, type TokenPair } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ env: { PUBLIC_URL: 'https://guildhall.test' } });
});
afterAll(() => fixture.close());

const name = '__Host-guildhall-session';
const sameOrigin = { 'sec-fetch-site': 'same-origin' };
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

type Headers = Readonly<Record<string, string>>;
const logIn = (email: string, headers: Headers = sameOrigin) =>
  fixture.post<TokenPair>('/v1/auth/login', { email, password, session: 'cookie' }, headers);
const refresh = (cookie: string, headers: Headers = sameOrigin, body: object = {}) =>
  fixture.post<TokenPair>('/v1/auth/refresh', body, { cookie: `${name}=${cookie}`, ...headers });
const logOut = (asCaller: Headers, headers: Headers) =>
  fixture.ask('POST', '/v1/auth/logout', { headers: { ...asCaller, ...headers } });
const cookieOf = ({ headers }: { readonly headers: globalThis.Headers }): string =>
  new RegExp(`^${name}=([^;]*); Max-Age=1209600; ${attributes}$`).exec(headers.get('set-cookie') ?? '')?.[1] ?? '';

/** A browser that is signed in. */
const openBrowser = async () => {
  const { email } = await fixture.signUp();
  const answer = await logIn(email);
  const { sub = '', sid } = decodeJwt<{ sid: string }>(answer.body.accessToken);
  return { email, answer, cookie: cookieOf(answer), sessionId: sid, asCaller: await fixture.asCaller(sub, sid) };
};
const elsewhere = problem(
  403,
  'FORBIDDEN',
  'Not allowed',
  'The session cookie is for pages of this origin: the browser must say Sec-Fetch-Site: same-origin.',
);
const CountRow = uncheckedRow({ total: Type.Integer() });
const sessionCount = async (): Promise<number> =>
  (await fixture.tables.connection.one(sql.type(CountRow)`SELECT count(id) AS total FROM auth.sessions`)).total;

describe("POST /v1/auth/login with session: 'cookie'", () => {
  test('puts the refresh token into a cookie of this host that no script reads, and not into the body', async () => {
    const { answer, cookie, sessionId } = await openBrowser();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ accessToken: expect.any(String), tokenType: 'Bearer', expiresIn: 300 });
    expect(cookie).toMatch(new RegExp(`^${sessionId}\\.[\\w-]{43}$`));
    expect(JSON.stringify(answer.body)).not.toContain(cookie.split('.')[1] ?? 'nothing');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of this site', { 'sec-fetch-site': 'same-site' }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
    ['a client that does not say', {}],
  ])('opens no session for %s', async (_name, headers) => {
    const { email } = await fixture.signUp();
    const before = await sessionCount();
    const answer = await logIn(email, headers);
    expect([answer.body, answer.headers.get('set-cookie'), await sessionCount()]).toEqual([elsewhere, null, before]);
  });

  test('without it sets no cookie, whatever the browser sends', async () => {
    const { email, cookie } = await openBrowser();
    const answer = await fixture.post<TokenPair>(
      '/v1/auth/login',
      { email, password, session: 'tokens' },
      { ...sameOrigin, cookie: `${name}=${cookie}` },
    );
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
    expect(answer.body.refreshToken).toMatch(/^[\da-f-]{36}\./);
  });
});

describe('POST /v1/auth/refresh with the cookie', () => {
  test('rotates it, and the body holds an access token alone', async () => {
    const { cookie, sessionId } = await openBrowser();
    const answer = await refresh(cookie);
    expect([answer.status, answer.body]).toEqual([
      200,
      { accessToken: expect.any(String) as string, tokenType: 'Bearer', expiresIn: 300 },
    ]);
    const next = cookieOf(answer);
    expect(next).toMatch(new RegExp(`^${sessionId}\\.`));
    expect(next).not.toBe(cookie);
    expect((await refresh(next)).status).toBe(200);
  });

  test('gives two tabs that ask at once the same cookie', async () => {
    const { cookie } = await openBrowser();
    const cookies = (await Promise.all([refresh(cookie), refresh(cookie)])).map(cookieOf);
    expect(cookies[0]).toBe(cookies[1]);
    expect((await refresh(cookies[0] ?? '')).status).toBe(200);
  });

  test('ends the session when a used one comes back after the grace, as with tokens', async () => {
    const { cookie, sessionId, asCaller } = await openBrowser();
    await refresh(cookie);
    fixture.clock.advance(11);
    const answer = await refresh(cookie);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect((await fixture.ask('GET', '/v1/auth/me', { headers: asCaller })).status).toBe(401);
    expect((await auditOf(fixture.tables, sessionId)).at(-1)?.changes).toEqual([{ path: '/reason', after: 'reuse' }]);
  });

  test.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }],
    ['a page of another host of this site', { 'sec-fetch-site': 'same-site' }],
    ['a browser that says nothing', {}],
    ['a page that says it in another header', { 'x-sec-fetch-site': 'same-origin' }],
  ])('refuses %s, and uses up nothing', async (_name, headers) => {
    const { cookie } = await openBrowser();
    const answer = await refresh(cookie, headers);
    expect([answer.body, answer.headers.get('set-cookie')]).toEqual([elsewhere, null]);
    expect((await refresh(cookie)).status).toBe(200);
  });

  test('does not look at the cookie beside a token in the body: that one alone is exchanged, and answered in the body', async () => {
    const { cookie } = await openBrowser();
    const { tokens } = await fixture.signUp();
    for (const headers of [sameOrigin, {}]) {
      const { refreshToken } = headers === sameOrigin ? tokens : (await fixture.signUp()).tokens;
      const answer = await refresh(cookie, headers, { refreshToken });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
      expect(answer.body.refreshToken.split('.')[0]).toBe(refreshToken.split('.')[0]);
    }
    const invented = await refresh(cookie, sameOrigin, { refreshToken: 'invented' });
    expect(invented.status).toBe(401);
    expect((await refresh(cookie)).status).toBe(200);
  });

  test('refuses none, an invented one, one of another name or without the prefix, and two of the name', async () => {
    const { cookie } = await openBrowser();
    const send = async (field: string | undefined) =>
      (
        await fixture.post<{ code: string }>(
          '/v1/auth/refresh',
          {},
          { ...sameOrigin, ...(field === undefined ? {} : { cookie: field }) },
        )
      ).body.code;
    expect([
      await send(undefined),
      await send(`${name}=`),
      await send(`${name}=${cookie.slice(0, -3)}AAA`),
      await send(`guildhall-session=${cookie}`),
      await send(`x${name}=${cookie}`),
      await send(`other="${name}=${cookie}"`),
      await send(`${name}=${cookie}; ${name}=${cookie}`),
    ]).toEqual([...Array<string>(6).fill('UNAUTHENTICATED'), 'INVALID']);
    expect((await fixture.post('/v1/auth/refresh', {}, { ...sameOrigin, cookie: `theme=dark; ${name}=${cookie}` })).status).toBe(
      200,
    );
  });
});

describe('POST /v1/auth/logout', () => {
  const cleared = `${name}=; Max-Age=0; ${attributes}`;

  test('ends the session and its cookie', async () => {
    const { cookie, asCaller } = await openBrowser();
    const answer = await logOut(asCaller, { ...sameOrigin, cookie: `${name}=${cookie}` });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, cleared]);
    expect((await refresh(cookie)).status).toBe(401);
  });

  test('wants an access token: the cookie alone, from whatever page, signs nobody out', async () => {
    const { cookie } = await openBrowser();
    expect((await logOut({}, { ...sameOrigin, cookie: `${name}=${cookie}` })).status).toBe(401);
    expect((await refresh(cookie)).status).toBe(200);
  });

  test('leaves the cookie of another session, and one that a page of another origin sends along', async () => {
    const [one, other] = [await openBrowser(), await openBrowser()];
    const answer = await logOut(one.asCaller, { ...sameOrigin, cookie: `${name}=${other.cookie}` });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([204, null]);
    expect((await refresh(one.cookie)).status).toBe(401);
    const crossSite = await logOut(other.asCaller, { 'sec-fetch-site': 'cross-site', cookie: `${name}=${other.cookie}` });
    expect([crossSite.status, crossSite.headers.get('set-cookie')]).toEqual([204, null]);
  });
});

describe('an address that browsers keep no secure cookies of', () => {
  let plain: Fixture;
  beforeAll(async () => {
    plain = await startFixture();
  });
  afterAll(() => plain.close());

  test('has no sessions in cookies, and says so before a password is compared', async () => {
    const answer = await plain.post('/v1/auth/login', { email: 'nobody@example.org', password, session: 'cookie' }, sameOrigin);
    expect(answer.body).toEqual(
      problem(
        422,
        'UNPROCESSABLE',
        'Understood, but cannot be done',
        'A session in a cookie needs HTTPS: browsers keep no secure cookie of this address.',
      ),
    );
  });
});
