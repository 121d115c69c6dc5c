import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newEmail, password, problem, startFixture, type Fixture, type TokenPair } from './fixture.ts';
import { startIdentityProvider, type TestIdentityProvider } from './identity-provider.ts';

interface Begun {
  readonly authorizationUrl: string;
  readonly requestToken: string;
}

/** A user of the provider as its API knows them: a number that stays, a login that changes hands, and addresses. */
interface Developer {
  readonly id: number;
  readonly emails: readonly { readonly email: string; readonly primary: unknown; readonly verified: unknown }[];
  readonly name?: string | null;
}

let hub: TestIdentityProvider;
let fixture: Fixture;
const developers = new Map<string, Developer>();
let ids = 583_231;
/** A user of the provider who never gets an account. */
const stranger = 'stranger@example.org';

beforeAll(async () => {
  hub = await startIdentityProvider({ redirectUri: 'http://guildhall.test/app/sign-in/hub', isPlainOauth: true });
  const client = { issuer: hub.issuer, clientId: 'guildhall', clientSecret: hub.clientSecret };
  const post = { ...client, clientAuthentication: 'client_secret_post', isTrusted: true };
  const addresses = {
    authorizationUrl: `${hub.issuer}/auth`,
    tokenUrl: `${hub.issuer}/token`,
    userinfoUrl: `${hub.issuer}/user`,
  };
  const oauth = { ...addresses, emailsUrl: `${hub.issuer}/user/emails`, scope: 'user:email', subjectField: 'id' };
  const providers = [{ id: 'hub', name: 'Hub', ...post, oauth }];
  hub.users.set(stranger, { email: stranger });
  fixture = await startFixture({ env: { OIDC_PROVIDERS: JSON.stringify(providers) } });
});
afterAll(async () => {
  await fixture.close();
  await hub.close();
});

/** The API as it should answer. */
beforeEach(() => {
  hub.apiAnswers.set('/user', (login) => ({
    login,
    id: developers.get(login)?.id,
    name: developers.get(login)?.name,
    email: login,
  }));
  hub.apiAnswers.set('/user/emails', (login) => JSON.stringify(developers.get(login)?.emails));
});
afterEach(() => hub.fail(null));

/** A new user of the provider, whose login is their first address. */
const newDeveloper = (more: Partial<Developer> = {}): string => {
  const email = newEmail();
  hub.users.set(email, { email });
  ids += 1;
  developers.set(email, { id: ids, emails: [{ email, primary: true, verified: true }], ...more });
  return email;
};
const begin = async (): Promise<Begun> => (await fixture.post<Begun>('/v1/auth/oauth/hub/authorize', undefined)).body;
const finish = (requestToken: string, query: string) =>
  fixture.post<TokenPair>('/v1/auth/oauth/hub/callback', { requestToken, query });
const signIn = async (login: string) => {
  const { authorizationUrl, requestToken } = await begin();
  return finish(requestToken, await hub.signIn(authorizationUrl, login));
};
const userIdOf = ({ accessToken }: TokenPair): string => decodeJwt(accessToken).sub ?? '';
const noAccount = problem(
  403,
  'FORBIDDEN',
  'Not allowed',
  'No account is connected with this one at Hub. Sign in another way and connect it in your account, or register first.',
);
const unavailable = problem(
  503,
  'SERVICE_UNAVAILABLE',
  'A service is unavailable',
  'Hub does not answer as it should. Try again, or sign in another way: everything else goes on working.',
);
const unfitting = problem(
  422,
  'UNPROCESSABLE',
  'Understood, but cannot be done',
  "The answer of Hub does not fit this sign-in: it is another one's, was used, or has expired. Start again.",
);

describe('a sign-in at a provider without discovery and ID tokens', () => {
  test('goes to the addresses of the settings with state and PKCE, and makes an account for its verified first address', async () => {
    const login = newDeveloper({ name: 'Grace Hopper' });
    const { authorizationUrl, requestToken } = await begin();
    const { origin, pathname, searchParams } = new URL(authorizationUrl);
    expect(`${origin}${pathname}`).toBe(`${hub.issuer}/auth`);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'guildhall',
      response_type: 'code',
      scope: 'user:email',
      redirect_uri: 'http://guildhall.test/app/sign-in/hub',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    const first = await finish(requestToken, await hub.signIn(authorizationUrl, login));
    expect(first.status).toBe(200);
    expect(decodeJwt(first.body.accessToken)).toMatchObject({ email: login, name: 'Grace Hopper', roles: ['member'] });
    const second = await signIn(login);
    expect([second.status, userIdOf(second.body)]).toEqual([200, userIdOf(first.body)]);
  });

  test('leads to the account of the number that stays, not of the login or the address, which others may get', async () => {
    const login = newDeveloper();
    const { body } = await signIn(login);
    const heir = newDeveloper({ emails: [{ email: login, primary: true, verified: true }] });
    const answer = await signIn(heir);
    expect([answer.status, (answer.body as unknown as { code: string }).code]).toEqual([409, 'CONFLICT']);
    const moved = newDeveloper({ ...developers.get(login), emails: [{ email: newEmail(), primary: true, verified: true }] });
    expect(userIdOf((await signIn(moved)).body)).toBe(userIdOf(body));
  });

  test('never takes over the account that an address has: its owner connects the provider themselves', async () => {
    const user = await fixture.signUp();
    const login = newDeveloper({ emails: [{ email: user.email, primary: true, verified: true }] });
    expect(await signIn(login)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const headers = user.asCaller;
    const begun = (await fixture.ask<Begun>('POST', '/v1/auth/oauth/hub/connect', { body: { password }, headers })).body;
    const body = { requestToken: begun.requestToken, query: await hub.signIn(begun.authorizationUrl, login) };
    expect(await fixture.ask('POST', '/v1/auth/oauth/hub/connect/callback', { body, headers })).toMatchObject({
      status: 200,
      body: { provider: 'hub', issuer: hub.issuer },
    });
    expect(userIdOf((await signIn(login)).body)).toBe(user.userId);
  });

  test.each([
    ['is not verified', [{ primary: true, verified: false }]],
    ['is verified in another word than true', [{ primary: true, verified: 'true' }]],
    ['is verified, but not the first', [{ primary: false, verified: true }]],
    [
      'is beside a first one that is not verified',
      [
        { primary: true, verified: false },
        { primary: false, verified: true },
      ],
    ],
    ['is not there', []],
  ])('makes no account where the address %s', async (_what, flags) => {
    developers.set(stranger, { id: 1, emails: flags.map((flag) => ({ email: newEmail(), ...flag })) });
    expect((await signIn(stranger)).body).toEqual(noAccount);
  });

  test('is refused for the code of another sign-in, a used one, and one that has expired', async () => {
    const login = newDeveloper();
    const [theirs, own, late] = [await begin(), await begin(), await begin()];
    const injected = new URLSearchParams(await hub.signIn(theirs.authorizationUrl, login));
    expect((await finish(own.requestToken, injected.toString())).body).toEqual(unfitting);
    const again = await begin();
    injected.set('state', new URL(again.authorizationUrl).searchParams.get('state') ?? '');
    expect((await finish(again.requestToken, injected.toString())).body).toEqual(unfitting);
    const query = await hub.signIn(late.authorizationUrl, login);
    await hub.forgetCode(query);
    expect((await finish(late.requestToken, query)).body).toEqual(unfitting);
  });

  test.each([
    ['names nobody', '/user', {}],
    ['names its user by a number that JSON has rounded', '/user', { id: 2 ** 53 }],
    ['names its user by an empty text', '/user', { id: '' }],
    ['is no JSON', '/user', '<html>'],
    ['is a list in place of a user', '/user', '[]'],
    ['is no list of addresses', '/user/emails', { email: 'a@example.org' }],
    ['is larger than what is read', '/user/emails', JSON.stringify(['a'.repeat(300_000)])],
  ])('signs nobody in where the answer of the API %s', async (_what, path, answer) => {
    hub.apiAnswers.set(path, () => answer);
    expect((await signIn(stranger)).body).toEqual(unavailable);
  });

  test('signs nobody in where the API does not know the token, or is away', async () => {
    const login = newDeveloper();
    hub.apiAnswers.delete('/user/emails');
    expect((await signIn(login)).body).toEqual(unavailable);
    const { authorizationUrl, requestToken } = await begin();
    const query = await hub.signIn(authorizationUrl, login);
    hub.fail(500);
    expect((await finish(requestToken, query)).body).toEqual(unavailable);
  });
});
