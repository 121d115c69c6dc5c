import { decodeJwt } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newEmail, startFixture, type Fixture, type TokenPair } from './fixture.ts';
import { issuerSeconds } from './issuer-clock.ts';

/** Sign-ins at an issuer of another make, with RS256 keys, whose ID tokens are shaped as those of Keycloak. */
const clientId = 'guildhall';
const issuer = new OAuth2Server();
let fixture: Fixture;
/** The claims of the next ID token beside those that every one has; undefined leaves one out. */
let claims: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  await issuer.issuer.keys.generate('RS256');
  await issuer.start(0, '127.0.0.1');
  issuer.service.on('beforeTokenSigning', ({ payload }) => {
    for (const [name, value] of Object.entries(claims)) {
      if (value === undefined) delete payload[name];
      else payload[name] = value;
    }
  });
  const provider = { id: 'realm', name: 'Realm', issuer: issuer.issuer.url, clientId, clientSecret: 'secret', isTrusted: true };
  fixture = await startFixture({ env: { OIDC_PROVIDERS: JSON.stringify([provider]) } });
});
afterAll(async () => {
  await fixture.close();
  await issuer.stop();
});

const ofKeycloak = (subject: string) => ({
  sub: subject,
  typ: 'ID',
  aud: [clientId, 'account'],
  azp: clientId,
  auth_time: issuerSeconds(),
  session_state: 'b0a4f6c1-9d1e-4f0a-8a57-7d3b5c2e1f00',
  acr: '1',
  sid: 'b0a4f6c1-9d1e-4f0a-8a57-7d3b5c2e1f00',
  realm_access: { roles: ['owner', 'offline_access'] },
  resource_access: { guildhall: { roles: ['owner'] } },
  groups: ['/owners'],
  preferred_username: 'ada',
  name: 'Ada Lovelace',
});
let subject: string;
let email: string;
beforeEach(() => {
  email = newEmail();
  subject = `subject of ${email}`;
  claims = { ...ofKeycloak(subject), email, email_verified: true };
});

const begin = async () =>
  (await fixture.post<{ authorizationUrl: string; requestToken: string }>('/v1/auth/oauth/realm/authorize', undefined)).body;
/** The query with which the issuer sends the browser back. */
const answerOf = async (authorizationUrl: string): Promise<string> => {
  const { headers } = await fetch(authorizationUrl, { redirect: 'manual' });
  return new URL(headers.get('location') ?? '').search.slice(1);
};
const finish = (requestToken: string, query: string) =>
  fixture.post<TokenPair & { code?: string }>('/v1/auth/oauth/realm/callback', { requestToken, query });
const signIn = async () => {
  const { authorizationUrl, requestToken } = await begin();
  return finish(requestToken, await answerOf(authorizationUrl));
};
const refused = { status: 422, body: { code: 'UNPROCESSABLE' } };

describe('a sign-in at another make of issuer', () => {
  test('opens a session, and the same account the next time; what the token says of roles and groups gives nothing', async () => {
    const first = await signIn();
    expect(first.status).toBe(200);
    const { sub, roles, permissions, name } = decodeJwt<Record<string, unknown>>(first.body.accessToken);
    expect([roles, permissions, name]).toEqual([['member'], ['community:create'], 'Ada Lovelace']);
    expect(decodeJwt((await signIn()).body.accessToken).sub).toBe(sub);
  });

  test('with an address that the issuer does not vouch for makes no account, as without an address', async () => {
    for (const given of [
      { email_verified: undefined },
      { email_verified: false },
      { email_verified: 'true' },
      { email_verified: 1 },
    ]) {
      claims = { ...claims, ...given };
      expect(await signIn()).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });

  test('with a token for several audiences is taken where this client is the authorized party alone', async () => {
    claims = { ...claims, azp: 'other' };
    expect(await signIn()).toMatchObject(refused);
    claims = { ...claims, azp: undefined };
    expect(await signIn()).toMatchObject(refused);
    claims = { ...claims, aud: ['account'], azp: clientId };
    expect(await signIn()).toMatchObject(refused);
  });

  test('with another issuer, no subject, an expired token, or one of a clock that is minutes ahead is refused', async () => {
    const now = issuerSeconds();
    for (const wrong of [
      { iss: 'https://realm.example' },
      { sub: undefined },
      { exp: now - 300 },
      { nbf: now + 300 },
      { nonce: 'another' },
      { nonce: undefined },
    ]) {
      claims = { ...ofKeycloak(subject), email, email_verified: true, ...wrong };
      expect([wrong, (await signIn()).status]).toEqual([wrong, 422]);
    }
    claims = { ...ofKeycloak(subject), email, email_verified: true, iat: now + 20, nbf: now + 20 };
    expect((await signIn()).status).toBe(200);
  });

  test('is good once, and for the browser that began it', async () => {
    const [one, other] = [await begin(), await begin()];
    const query = await answerOf(one.authorizationUrl);
    expect(await finish(other.requestToken, query)).toMatchObject(refused);
    expect((await finish(one.requestToken, query)).status).toBe(200);
    expect(await finish(one.requestToken, query)).toMatchObject({ status: 401, body: { code: 'CHALLENGE_ENDED' } });
  });
});
