import { sql } from '@guildhall/db';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf, misshapenEvents, readOutbox } from './events.ts';
import { newEmail, password, problem, type SignedIn, type TokenPair } from './fixture.ts';
import { startIdentityProvider, type TestIdentityProvider } from './identity-provider.ts';
import { startSecondFactorFixture, type SecondFactorFixture } from './second-factor-fixture.ts';

interface Begun {
  readonly authorizationUrl: string;
  readonly requestToken: string;
  readonly expiresIn: number;
}

const settingsOf = (id: string, name: string, { issuer, clientSecret }: TestIdentityProvider, isTrusted: boolean) => ({
  id,
  name,
  issuer,
  clientId: 'guildhall',
  clientSecret,
  isTrusted,
});

let company: TestIdentityProvider;
let forum: TestIdentityProvider;
let fixture: SecondFactorFixture;
const redirectTo = (id: string) => ({ redirectUri: `http://guildhall.test/app/sign-in/${id}` });

beforeAll(async () => {
  company = await startIdentityProvider(redirectTo('company'));
  forum = await startIdentityProvider(redirectTo('forum'));
  const away = { id: 'away', name: 'Away', issuer: 'http://127.0.0.1:9', clientId: 'guildhall' };
  const providers = [settingsOf('company', 'Company', company, true), settingsOf('forum', 'Forum', forum, false), away];
  const env = { OIDC_PROVIDERS: JSON.stringify(providers), SECOND_FACTOR_ROLES: 'auditor' };
  fixture = await startSecondFactorFixture({ env });
});
afterAll(async () => {
  await fixture.close();
  await company.close();
  await forum.close();
});

const begin = async (id = 'company'): Promise<Begun> =>
  (await fixture.post<Begun>(`/v1/auth/oauth/${id}/authorize`, undefined)).body;
const finish = (requestToken: string, query: string, { id = 'company', ...more }: { id?: string; session?: string } = {}) =>
  fixture.post<TokenPair>(`/v1/auth/oauth/${id}/callback`, { requestToken, query, ...more });
/** A whole sign-in: to the provider, through its forms, and back. */
const signIn = async (login: string, id = 'company', provider = company) => {
  const { authorizationUrl, requestToken } = await begin(id);
  return finish(requestToken, await provider.signIn(authorizationUrl, login), { id });
};
const userIdOf = ({ accessToken }: TokenPair): string => decodeJwt(accessToken).sub ?? '';
const newUser = (provider = company, more: { isVerified?: boolean; name?: string; email?: string } = {}) => {
  const email = newEmail();
  provider.users.set(email, { email, ...more });
  return email;
};
const ended = problem(
  401,
  'CHALLENGE_ENDED',
  'The sign-in has ended',
  'This sign-in was finished, has expired, or was ended. Start again.',
);
const unfitting = problem(
  422,
  'UNPROCESSABLE',
  'Understood, but cannot be done',
  "The answer of Company does not fit this sign-in: it is another one's, was used, or has expired. Start again.",
);
const noAccountAt = (name: string) =>
  problem(
    403,
    'FORBIDDEN',
    'Not allowed',
    `No account is connected with this one at ${name}. Sign in another way and connect it in your account, or register first.`,
  );
const encode = (...parts: readonly object[]): string =>
  parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
const unsigned = (claims: object): string => `${encode({ alg: 'none' }, claims)}.`;
const forged = (claims: object): string => `${encode({ alg: 'ES256', kid: 'key-1' }, claims)}.${'A'.repeat(86)}`;
const connectWith = async (user: SignedIn, id: string, provider: TestIdentityProvider, login: string) => {
  const headers = user.asCaller;
  const { body } = await fixture.ask<Begun>('POST', `/v1/auth/oauth/${id}/connect`, { body: { password }, headers });
  const query = await provider.signIn(body.authorizationUrl, login);
  return fixture.ask<{ id: string }>('POST', `/v1/auth/oauth/${id}/connect/callback`, {
    body: { requestToken: body.requestToken, query },
    headers,
  });
};
const setStatus = (userId: string, status: string) =>
  fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = ${status} WHERE id = ${userId}`);
const newSession = async (login: string): Promise<SignedIn> => {
  const { body: tokens } = await signIn(login);
  const { sub: userId = '', sid: sessionId } = decodeJwt<{ sid: string }>(tokens.accessToken);
  return { userId, sessionId, email: login, tokens, asCaller: await fixture.asCaller(userId, sessionId) };
};
const permissionsBy = async (userId: string, connectionId: string) =>
  (
    await fixture.ask<{ permissions: string[] | null }>(
      'GET',
      `/internal/permissions?userId=${userId}&sessionId=${connectionId}`,
      {
        headers: await fixture.asService(),
      },
    )
  ).body.permissions;
const remove = ({ asCaller }: SignedIn, id: string) => fixture.ask('DELETE', `/v1/auth/connections/${id}`, { headers: asCaller });

describe('a sign-in at an identity provider', () => {
  test('creates the account of an unknown user of a trusted provider, and signs in to it from then on', async () => {
    const login = newUser(company, { name: 'Grace Hopper' });
    const begun = await begin();
    expect(begun).toEqual({ authorizationUrl: expect.any(String), requestToken: expect.any(String), expiresIn: 600 });
    expect(Object.fromEntries(new URL(begun.authorizationUrl).searchParams)).toEqual({
      client_id: 'guildhall',
      response_type: 'code',
      scope: 'openid email profile',
      redirect_uri: 'http://guildhall.test/app/sign-in/company',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const first = await finish(begun.requestToken, await company.signIn(begun.authorizationUrl, login));
    expect({ status: first.status, store: first.headers.get('cache-control') }).toEqual({ status: 200, store: 'no-store' });
    const userId = userIdOf(first.body);
    expect(decodeJwt(first.body.accessToken)).toMatchObject({ email: login, name: 'Grace Hopper', roles: ['member'] });
    const second = await signIn(login);
    expect([second.status, userIdOf(second.body)]).toEqual([200, userId]);
    const outbox = await readOutbox(fixture.tables);
    expect(
      outbox.filter(({ kind, payload }) => kind === 'user-changed' && (payload as { userId: string }).userId === userId),
    ).toHaveLength(1);
    const events = await auditOf(fixture.tables, userId);
    expect(events.filter(({ action }) => action === 'user.register')).toEqual([
      expect.objectContaining({
        result: 'success',
        changes: [
          { path: '/isEmailVerified', before: false, after: true },
          { path: '/method', after: 'oidc:company' },
        ],
      }),
    ]);
  });

  test('of the same new user in several tabs at once makes one account', async () => {
    const login = newUser();
    const begun = await Promise.all(Array.from({ length: 4 }, () => begin()));
    const queries: string[] = [];
    for (const { authorizationUrl } of begun) queries.push(await company.signIn(authorizationUrl, login));
    const answers = await Promise.all(begun.map(({ requestToken }, index) => finish(requestToken, queries[index] ?? '')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => userIdOf(body))).size).toBe(1);
  });

  test('never takes over the account that an address has: its owner connects the provider themselves', async () => {
    const user = await fixture.signUp();
    company.users.set(user.email, { email: user.email });
    expect((await signIn(user.email)).body).toEqual(
      problem(
        409,
        'CONFLICT',
        'In conflict with what is there',
        'There is an account with this address. Sign in to it another way, and connect Company in your account.',
      ),
    );
    const connected = await connectWith(user, 'company', company, user.email);
    expect(connected).toMatchObject({ status: 200, body: { provider: 'company', issuer: company.issuer } });
    expect((await fixture.mailbox.nthTo(user.email, 1)).text).toContain('An account at Company was connected');
    const answer = await signIn(user.email);
    expect([answer.status, userIdOf(answer.body)]).toEqual([200, user.userId]);
  });

  test('makes no account where the provider is not trusted, or does not vouch for the address, and says the same whether it has one', async () => {
    const user = await fixture.signUp();
    const taken = { email: user.email, isVerified: false };
    company.users.set('claims-to-be-somebody', taken);
    forum.users.set(user.email, { email: user.email });
    for (const login of ['claims-to-be-somebody', newUser(company, { isVerified: false })])
      expect((await signIn(login)).body).toEqual(noAccountAt('Company'));
    for (const login of [user.email, newUser(forum)])
      expect((await signIn(login, 'forum', forum)).body).toEqual(noAccountAt('Forum'));
  });

  test('asks for the second factor of the account', async () => {
    const { user, secret } = await fixture.signUpWithFactor();
    company.users.set(user.email, { email: user.email });
    expect((await connectWith(user, 'company', company, user.email)).status).toBe(200);
    const { status, body } = await signIn(user.email);
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'second_factor_required' } });
    const { challengeToken } = body as unknown as { challengeToken: string };
    expect((await fixture.answer(challengeToken, fixture.show(secret))).status).toBe(200);
    const login = newUser();
    await fixture.grant(userIdOf((await signIn(login)).body), 'auditor');
    expect((await signIn(login)).body).toMatchObject({ status: 'second_factor_enrolment_required' });
  });

  test('opens nothing for a suspended account', async () => {
    const login = newUser();
    const userId = userIdOf((await signIn(login)).body);
    await fixture.tables.connection.query(sql.unsafe`UPDATE auth.users SET status = 'suspended' WHERE id = ${userId}`);
    expect(await signIn(login)).toMatchObject({ status: 403, body: { code: 'ACCOUNT_SUSPENDED' } });
  });

  test('is listed among the ways in, and is not there for a provider that nobody set up', async () => {
    const { body } = await fixture.ask<{ providers: unknown }>('GET', '/v1/auth/methods');
    expect(body.providers).toEqual([
      { id: 'company', name: 'Company' },
      { id: 'forum', name: 'Forum' },
      { id: 'away', name: 'Away' },
    ]);
    expect((await fixture.post('/v1/auth/oauth/nobody/authorize', undefined)).status).toBe(404);
  });
});

describe('the answer of a provider is refused', () => {
  test('a second time, and of a hundred uses at once one succeeds', async () => {
    const { authorizationUrl, requestToken } = await begin();
    const query = await company.signIn(authorizationUrl, newUser());
    const answers = await Promise.all(Array.from({ length: 100 }, () => finish(requestToken, query)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(99);
    expect((await finish(requestToken, query)).body).toEqual(ended);
  });

  test('in another browser, which does not have the request token', async () => {
    const { authorizationUrl } = await begin();
    const query = await company.signIn(authorizationUrl, newUser());
    for (const token of [`00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}`, 'nonsense'])
      expect((await finish(token, query)).body).toEqual(ended);
    // An attacker's answer in the victim's own sign-in (login CSRF): its state is another one.
    expect((await finish((await begin()).requestToken, query)).body).toEqual(unfitting);
  });

  test('after ten minutes', async () => {
    const { authorizationUrl, requestToken } = await begin();
    const query = await company.signIn(authorizationUrl, newUser());
    fixture.clock.advance(601);
    expect((await finish(requestToken, query)).body).toEqual(ended);
  });

  test('with a code of another client, of another sign-in, or that has expired', async () => {
    const login = newUser();
    const mine = await begin();
    const state = new URL(mine.authorizationUrl).searchParams.get('state') ?? '';
    const other = new URL((await begin()).authorizationUrl);
    other.searchParams.set('client_id', 'other');
    const stolen = new URLSearchParams(await company.signIn(other.href, login));
    stolen.set('state', state);
    expect((await finish(mine.requestToken, stolen.toString())).body).toEqual(unfitting);
    // The code of a sign-in of this client, in one of another browser: the verifier (PKCE) is another one.
    const [theirs, own] = [await begin(), await begin()];
    const injected = new URLSearchParams(await company.signIn(theirs.authorizationUrl, login));
    injected.set('state', new URL(own.authorizationUrl).searchParams.get('state') ?? '');
    expect((await finish(own.requestToken, injected.toString())).body).toEqual(unfitting);
    const late = await begin();
    const query = await company.signIn(late.authorizationUrl, login);
    await company.forgetCode(query);
    expect((await finish(late.requestToken, query)).body).toEqual(unfitting);
  });

  test('of another issuer (mix-up), by the address, by the name in the answer, and by the ID token', async () => {
    const login = newUser(forum);
    const { authorizationUrl, requestToken } = await begin('forum');
    const query = await forum.signIn(authorizationUrl, login);
    expect((await finish(requestToken, query, { id: 'company' })).body).toEqual(ended);
    const mine = await begin();
    const mixed = new URLSearchParams(query);
    mixed.set('state', new URL(mine.authorizationUrl).searchParams.get('state') ?? '');
    expect((await finish(mine.requestToken, mixed.toString())).body).toEqual(unfitting);
    const without = await begin();
    const nameless = new URLSearchParams(await company.signIn(without.authorizationUrl, newUser()));
    nameless.delete('iss');
    expect((await finish(without.requestToken, nameless.toString())).body).toEqual(unfitting);
  });

  test.each([
    ['another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['no nonce', ({ nonce: _nonce, ...claims }) => claims],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://elsewhere.example' })],
    ['another audience', (claims) => ({ ...claims, aud: 'other' })],
    ['an end that is past', (claims) => ({ ...claims, exp: Number(claims.iat) - 120 })],
    ['a start far ahead', (claims) => ({ ...claims, nbf: Number(claims.iat) + 120 })],
  ] satisfies [string, Parameters<TestIdentityProvider['alterIdTokens']>[0]][])(
    'with an ID token that has %s',
    async (_what, change) => {
      const login = 'somebody';
      company.users.set(login, { email: 'somebody@example.org' });
      company.alterIdTokens(change);
      const answer = await signIn(login).finally(() => company.alterIdTokens(null));
      expect(answer.body).toEqual(unfitting);
    },
  );

  test('with an ID token that nobody signed, or another key', async () => {
    for (const change of [unsigned, forged]) {
      company.alterIdTokens(change);
      const answer = await signIn(newUser()).finally(() => company.alterIdTokens(null));
      expect(answer.body).toEqual(unfitting);
    }
  });

  test('where the user said no', async () => {
    const { authorizationUrl, requestToken } = await begin();
    const state = new URL(authorizationUrl).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: 'access_denied', state, iss: company.issuer }).toString();
    expect(await finish(requestToken, query)).toMatchObject({
      status: 422,
      body: { detail: 'The sign-in at Company was not completed. Start again.' },
    });
  });

  test('while clocks differ by less than a minute it is taken', async () => {
    company.alterIdTokens(({ iat = 0, ...claims }) => ({ ...claims, iat: iat + 30, nbf: iat + 30, exp: iat + 630 }));
    const answer = await signIn(newUser()).finally(() => company.alterIdTokens(null));
    expect(answer.status).toBe(200);
  });
});

test('a provider that is away or fails is answered with 503 and what to do, and every other way in goes on', async () => {
  const away = await fixture.post<{ detail: string }>('/v1/auth/oauth/away/authorize', undefined);
  expect(away.body).toEqual(
    problem(
      503,
      'SERVICE_UNAVAILABLE',
      'A service is unavailable',
      'Away does not answer as it should. Try again, or sign in another way: everything else goes on working.',
    ),
  );
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
  const { authorizationUrl, requestToken } = await begin();
  const query = await company.signIn(authorizationUrl, newUser());
  company.fail(500);
  const failing = await finish(requestToken, query);
  company.fail(null);
  expect(failing).toMatchObject({ status: 503, body: { code: 'SERVICE_UNAVAILABLE' } });
  const { email } = await fixture.signUp();
  expect((await fixture.logIn(email)).status).toBe(200);
  expect((await signIn(newUser())).status).toBe(200);
});

describe('a connection', () => {
  test('is begun by the password, and finished by the session that began it alone', async () => {
    const { ask, signUp, asSignedIn } = fixture;
    const user = await signUp();
    const other = await asSignedIn(user.email);
    const stranger = await signUp();
    const connect = (headers: SignedIn['asCaller'], given: string) =>
      ask<Begun>('POST', '/v1/auth/oauth/forum/connect', { body: { password: given }, headers });
    expect((await connect(user.asCaller, 'not the right sentence')).body).toMatchObject({ code: 'WRONG_PASSWORD' });
    const login = newUser(forum);
    for (const thief of [stranger, other]) {
      const { body } = await connect(user.asCaller, password);
      const query = await forum.signIn(body.authorizationUrl, login);
      const answer = await ask('POST', '/v1/auth/oauth/forum/connect/callback', {
        body: { requestToken: body.requestToken, query },
        headers: thief.asCaller,
      });
      expect(answer.body).toEqual(ended);
    }
    // A request to connect signs nobody in, and a sign-in connects nothing.
    const { body } = await connect(user.asCaller, password);
    const query = await forum.signIn(body.authorizationUrl, login);
    expect((await finish(body.requestToken, query, { id: 'forum' })).body).toEqual(ended);
    const begun = await begin('forum');
    const answer = await ask('POST', '/v1/auth/oauth/forum/connect/callback', {
      body: { requestToken: begun.requestToken, query: await forum.signIn(begun.authorizationUrl, login) },
      headers: user.asCaller,
    });
    expect(answer.body).toEqual(ended);
  });

  test('is of one account alone, listed, and removed with the other sessions', async () => {
    const { ask, signUp, asSignedIn, meStatus, mailbox, tables } = fixture;
    const user = await signUp();
    const login = newUser(forum);
    const { id } = (await connectWith(user, 'forum', forum, login)).body;
    expect((await connectWith(await signUp(), 'forum', forum, login)).status).toBe(409);
    const connection = { id, provider: 'forum', issuer: forum.issuer, createdAt: expect.stringMatching(/Z$/) };
    const list = await ask('GET', '/v1/auth/connections', { headers: user.asCaller });
    expect(list.body).toEqual({ items: [connection], nextCursor: null });
    const other = await asSignedIn(user.email);
    expect((await remove(await signUp(), id)).status).toBe(404);
    expect((await remove(user, id)).status).toBe(204);
    expect((await remove(user, id)).status).toBe(404);
    expect([await meStatus(user), await meStatus(other)]).toEqual([200, 401]);
    expect((await mailbox.nthTo(user.email, 2)).text).toContain('/#/end-sessions/');
    expect((await auditOf(tables, id)).map(({ action, result }) => [action, result])).toEqual([
      ['connection.create', 'success'],
      ['connection.delete', 'success'],
    ]);
    expect((await signIn(login, 'forum', forum)).status).toBe(403);
  });

  test('stays while it is the last way in, also for two that are removed at once', async () => {
    const { ask, asCaller, tables } = fixture;
    const login = newUser();
    const { accessToken } = (await signIn(login)).body;
    const { sub: userId = '', sid: sessionId } = decodeJwt<{ sid: string }>(accessToken);
    const user: SignedIn = {
      userId,
      sessionId,
      email: login,
      tokens: { accessToken, refreshToken: '' },
      asCaller: await asCaller(userId, sessionId),
    };
    const { items } = (await ask<{ items: { id: string }[] }>('GET', '/v1/auth/connections', { headers: user.asCaller })).body;
    const [first = ''] = items.map(({ id }) => id);
    expect((await remove(user, first)).body).toEqual(
      problem(
        409,
        'CONFLICT',
        'In conflict with what is there',
        'This is the last way in to your account. Set a password first.',
      ),
    );
    const second = crypto.randomUUID();
    await tables.connection.query(sql.unsafe`
      INSERT INTO auth.oauth_connections (id, user_id, provider, provider_user_id) VALUES (${second}, ${userId}, ${forum.issuer}, ${login})`);
    const answers = await Promise.all([remove(user, first), remove(user, second)]);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 409]);
  });
});

describe('an account without a password', () => {
  interface Refused {
    readonly code: string;
    readonly detail: string;
  }
  const changes = [
    ['/v1/auth/oauth/forum/connect', {}, 200],
    ['/v1/auth/totp', {}, 200],
    ['/v1/auth/me/email/code', { newEmail: 'elsewhere@example.org' }, 202],
    ['/v1/auth/me/deactivate', {}, 204],
    ['/v1/auth/me/erase', {}, 204],
  ] as const;

  test.each(changes)('that has signed in a moment ago may do what others need theirs for: %s', async (path, body, status) => {
    const { asCaller } = await newSession(newUser());
    expect((await fixture.ask('POST', path, { body, headers: asCaller })).status).toBe(status);
  });

  test('is told so, with the connections that sign it in', async () => {
    const { asCaller } = await newSession(newUser());
    const { body } = await fixture.ask<{ waysIn: object }>('GET', '/v1/auth/me', { headers: asCaller });
    expect(body.waysIn).toEqual({ hasPassword: false, passkeys: 0, connections: 1, hasAuthenticator: false });
  });

  test('is to sign in again after ten minutes, and refreshing the session is none; its refusal is in the trail', async () => {
    const login = newUser();
    const user = await newSession(login);
    fixture.clock.advance(601);
    const refreshed = await fixture.post<TokenPair>('/v1/auth/refresh', { refreshToken: user.tokens.refreshToken });
    expect(refreshed.status).toBe(200);
    const headers = await fixture.asCaller(user.userId, user.sessionId);
    for (const [path, body] of changes)
      expect((await fixture.ask<Refused>('POST', path, { body, headers })).body).toEqual(
        problem(
          401,
          'REAUTHENTICATION_REQUIRED',
          'Sign in again for this',
          'This account has no password: sign in again, and do this within ten minutes.',
        ),
      );
    expect((await fixture.ask('POST', '/v1/auth/totp', { body: { password }, headers })).body).toMatchObject({
      code: 'WRONG_PASSWORD',
    });
    const denied = (await auditOf(fixture.tables, user.userId)).filter(({ result }) => result === 'denied');
    expect(denied.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.begin-second-factor', 'user.change-email', 'user.deactivate', 'user.erase']),
    );
    const again = await newSession(login);
    expect((await fixture.ask('POST', '/v1/auth/totp', { body: {}, headers: again.asCaller })).status).toBe(200);
  });

  test('that set one gives it from then on, however recent its sign-in is; and one that always had one does', async () => {
    const user = await newSession(newUser());
    const hash = await fixture.pool.hash(password, 'test');
    await fixture.tables.connection.query(sql.unsafe`
      INSERT INTO auth.user_passwords (user_id, password_hash) VALUES (${user.userId}, ${hash})`);
    for (const { asCaller } of [user, await fixture.signUp()])
      expect((await fixture.ask<Refused>('POST', '/v1/auth/totp', { body: {}, headers: asCaller })).body).toMatchObject({
        code: 'WRONG_PASSWORD',
        detail: 'This account has a password: give it.',
      });
  });

  test('is not known by the session of somebody else, or by one that has ended', async () => {
    const [user, stranger] = [await newSession(newUser()), await newSession(newUser())];
    const headers = await fixture.asCaller(user.userId, stranger.sessionId);
    expect((await fixture.ask('POST', '/v1/auth/totp', { body: {}, headers })).status).toBe(401);
    await fixture.ask('POST', '/v1/auth/logout', { headers: user.asCaller });
    expect((await fixture.ask('POST', '/v1/auth/totp', { body: {}, headers: user.asCaller })).body).toMatchObject({
      code: 'SESSION_ENDED',
    });
  });
});

describe('POST /internal/outside-users/find', () => {
  interface FoundUser {
    readonly found: { readonly connectionId: string; readonly userId: string } | null;
  }
  const find = async (subject: string, issuer = company.issuer) =>
    (
      await fixture.ask<FoundUser>('POST', '/internal/outside-users/find', {
        body: { issuer, subject },
        headers: await fixture.asService(),
      })
    ).body;

  test('tells the gateway alone whose account a subject of an issuer is connected with, while it is active', async () => {
    const login = newUser(company, { name: 'Grace Hopper' });
    const userId = userIdOf((await signIn(login)).body);
    const { found } = await find(login);
    expect(found).toEqual({
      connectionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userId,
      displayName: 'Grace Hopper',
      email: login,
      permissions: ['community:create'],
      needsSecondFactor: false,
    });
    const connectionId = found?.connectionId ?? '';
    expect(await permissionsBy(userId, connectionId)).toEqual(['community:create']);
    expect(await permissionsBy('somebody', connectionId)).toBeNull();
    expect([await find(login, forum.issuer), await find('nobody')]).toEqual([{ found: null }, { found: null }]);
    await setStatus(userId, 'suspended');
    expect([await find(login), await permissionsBy(userId, connectionId)]).toEqual([{ found: null }, null]);
    await setStatus(userId, 'active');
    await fixture.grant(userId, 'auditor');
    expect(await find(login)).toMatchObject({ found: { needsSecondFactor: true } });
    const question = { body: { issuer: company.issuer, subject: login } };
    const asked = [question, { ...question, headers: await fixture.asService('team-resources') }].map((options) =>
      fixture.ask('POST', '/internal/outside-users/find', options),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401]);
  });

  test('says that an account with a second factor needs one, and forgets a connection that was removed', async () => {
    const { user } = await fixture.signUpWithFactor();
    const login = newUser(forum);
    const { id } = (await connectWith(user, 'forum', forum, login)).body;
    expect(await find(login, forum.issuer)).toMatchObject({ found: { connectionId: id, needsSecondFactor: true } });
    expect((await remove(user, id)).status).toBe(204);
    expect([await find(login, forum.issuer), await permissionsBy(user.userId, id)]).toEqual([{ found: null }, null]);
  });
});

test('every event is as the contracts say, and no secret of a provider is in one', async () => {
  expect(await misshapenEvents(fixture.tables)).toEqual([]);
  expect(JSON.stringify(await readOutbox(fixture.tables))).not.toContain(company.clientSecret);
});
