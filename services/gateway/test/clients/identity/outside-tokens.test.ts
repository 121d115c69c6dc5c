import { AppError, isAppError } from '@guildhall/errors';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOutsideTokens, type OutsideTokens } from '../../../src/clients/identity/outside-tokens.ts';
import { clientOf } from '../../support/internal-client.ts';
import { sendJson, startStandIn, type StandIn, type StandInAnswer } from '../../support/stand-in.ts';

const found = {
  connectionId: '22222222-2222-4222-8222-222222222222',
  userId: 'ada',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['audit:read', 'community:create'],
  needsSecondFactor: false,
};
const caller = {
  userId: 'ada',
  sessionId: found.connectionId,
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['audit:read'],
  tokenPermissions: ['audit:read', 'script:update'],
};

interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}
const newKey = async (kid: string, alg = 'RS256'): Promise<KeyPair> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
};
/** RSA keys take long to make, and no test alters them. */
const keys = { own: await newKey('key-1'), next: await newKey('key-2', 'ES256'), stranger: await newKey('key-1') };

let auth: StandIn;
let realm: StandIn;
let tokens: OutsideTokens;
let answer: typeof found | null;
let published: JWK[];
let answerMetadata: StandInAnswer;
let answerKeys: StandInAnswer;
let monotonicMs: number;
let close: () => Promise<void>;
const asked: string[] = [];
const fetched: string[] = [];
const faults: string[] = [];
const uncounted = (): void => {};
const refuse = (): never => {
  throw new AppError('RATE_LIMITED', 'Too many.');
};

beforeEach(async () => {
  answer = found;
  published = [keys.own.jwk];
  monotonicMs = 1_000;
  for (const list of [asked, fetched, faults]) list.length = 0;
  answerMetadata = (_request, response) => sendJson(response, 200, { issuer: realm.url, jwks_uri: `${realm.url}/keys` });
  answerKeys = (_request, response) => sendJson(response, 200, { keys: published });
  auth = await startStandIn(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(Buffer.concat(chunks).toString());
    sendJson(response, 200, { found: answer });
  });
  realm = await startStandIn((request, response) => {
    fetched.push(request.url ?? '');
    return request.url === '/keys' ? answerKeys(request, response) : answerMetadata(request, response);
  });
  const client = clientOf(auth.url, 'auth');
  const issuer = { issuer: realm.url, audience: 'guildhall', permissions: caller.tokenPermissions, asksForSecondFactor: false };
  tokens = createOutsideTokens({
    issuers: [issuer],
    auth: client,
    monotonicMs: () => monotonicMs,
    onFault: (_error, name) => faults.push(name),
  });
  close = async () => {
    await client.close();
    await Promise.all([auth.stop(), realm.stop()]);
  };
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await close();
});

const seconds = (): number => Math.floor(Date.now() / 1000);
const claims = (): JWTPayload => ({ iss: realm.url, aud: 'guildhall', sub: 'subject-1', iat: seconds(), exp: seconds() + 300 });
interface Made {
  /** Claims beside the usual ones, or in their place; undefined leaves one out. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly header?: object;
  readonly key?: CryptoKey | Uint8Array;
}
const sign = ({ payload = {}, header = {}, key = keys.own.privateKey }: Made = {}): Promise<string> => {
  const made = Object.entries({ ...claims(), ...payload }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(made))
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'key-1', ...header })
    .sign(key, { crit: { other: true } });
};
const outcome = async (token: string): Promise<unknown> => {
  try {
    if (!tokens.isOutside(token)) return 'of nobody known';
    return await tokens.verify(token, uncounted);
  } catch (error) {
    return isAppError(error) ? [error.code, error.message.replace(realm.url, 'realm')] : error;
  }
};
const invalid = ['UNAUTHENTICATED', 'The access token is invalid or has expired. Get another one from its issuer.'];
const unavailable = ['SERVICE_UNAVAILABLE', 'Access tokens of realm cannot be verified right now.'];

test('a good token is that of the connected account, and may do what both its user and the settings allow', async () => {
  const token = await sign();
  expect(await Promise.all([1, 2, 3].map(() => outcome(token)))).toEqual([caller, caller, caller]);
  expect(asked).toEqual([JSON.stringify({ issuer: realm.url, subject: 'subject-1' })]);
  expect(fetched).toEqual(['/.well-known/openid-configuration', '/keys']);
  expect(
    await outcome(await sign({ header: { typ: 'JWT' }, payload: { typ: 'Bearer', aud: ['account', 'guildhall'] } })),
  ).toEqual(caller);
});

test('a subject that no active account is connected with is nobody, and is not for more than two seconds', async () => {
  answer = null;
  const token = await sign();
  const unknown = 'No active account is connected with this user of realm. Sign in and connect it in your account.';
  expect(await outcome(token)).toEqual(['UNAUTHENTICATED', unknown]);
  answer = found;
  expect(await outcome(token)).toEqual(['UNAUTHENTICATED', unknown]);
  const later = performance.now() + 2_001;
  vi.spyOn(performance, 'now').mockImplementation(() => later);
  // The cache looks at the clock at most once a millisecond.
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(await outcome(token)).toEqual(caller);
});

test('a token is not good for an account that needs a second factor, which it does not show', async () => {
  answer = { ...found, needsSecondFactor: true };
  expect(await outcome(await sign())).toEqual([
    'UNAUTHENTICATED',
    'This account needs a second factor, which tokens of realm do not show. Sign in instead.',
  ]);
});

test('a lookup counts against the address that asks for it, before auth is asked', async () => {
  await expect(tokens.verify(await sign(), refuse)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(asked).toEqual([]);
});

describe('tokens that are refused', () => {
  test.each([
    ['expired', { payload: { exp: seconds() - 60 } }],
    ['without an end', { payload: { exp: undefined } }],
    ['not yet good', { payload: { nbf: seconds() + 120 } }],
    ['issued in the future', { payload: { iat: seconds() + 120 } }],
    ['issued more than a day ago, whatever its end', { payload: { iat: seconds() - 86_500 } }],
    ['without the time of its issue', { payload: { iat: undefined } }],
    ['for another application', { payload: { aud: 'elsewhere' } }],
    ['for none', { payload: { aud: undefined } }],
    ['without a subject', { payload: { sub: undefined } }],
    ['with an empty subject', { payload: { sub: '' } }],
    ['with a subject longer than any', { payload: { sub: 'a'.repeat(256) } }],
    ['an ID token', { header: { typ: 'JWT' }, payload: { nonce: 'n' } }],
    ['an ID token of Keycloak', { header: { typ: 'JWT' }, payload: { typ: 'ID' } }],
    ['a refresh token of Keycloak', { header: { typ: 'JWT' }, payload: { typ: 'Refresh' } }],
    ['of no type', { header: { typ: undefined } }],
    ['a principal of the inside', { header: { typ: 'guildhall-principal+jwt' } }],
    ['with a part that must be understood', { header: { crit: ['other'], other: true } }],
    ['by another key under the same id', { key: keys.stranger.privateKey }],
    ['by a key that nobody has published', { header: { kid: 'key-2', alg: 'ES256' }, key: keys.next.privateKey }],
    ['by a key that it brings along', { header: { kid: undefined, jwk: keys.stranger.jwk }, key: keys.stranger.privateKey }],
  ] satisfies [string, Made][])('%s', async (_what, made) => {
    expect(await outcome(await sign(made))).toEqual(invalid);
    expect(asked).toEqual([]);
  });

  test('not signed, or with the public key as a secret', async () => {
    expect(await outcome(new UnsecuredJWT(claims()).encode())).toEqual(invalid);
    for (const secret of [JSON.stringify(keys.own.jwk), String(keys.own.jwk.n), await exportSPKI(keys.own.publicKey)])
      expect(await outcome(await sign({ header: { alg: 'HS256' }, key: new TextEncoder().encode(secret) }))).toEqual(invalid);
  });

  test('one of an issuer that the settings do not name is not taken for an outside one', async () => {
    for (const iss of ['https://elsewhere.example', `${realm.url}/`, undefined])
      expect(await outcome(await sign({ payload: { iss } }))).toBe('of nobody known');
    for (const odd of ['', '.', 'a.b.c', 'e30.e30.e30', 'e30.bnVsbA.e30']) expect(await outcome(odd)).toBe('of nobody known');
    expect(fetched).toEqual([]);
  });

  test('a good one once it has expired, also by a clock that was set back', async () => {
    const token = await sign({ payload: { exp: seconds() + 5 } });
    expect(await outcome(token)).toEqual(caller);
    const later = performance.now() + 36_000;
    vi.spyOn(performance, 'now').mockImplementation(() => later);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 });
    expect(await outcome(token)).toEqual(invalid);
  });
});

describe('the keys of an issuer', () => {
  test('are read again for an id that is not known, and a key that it took back is good for ten minutes at most', async () => {
    expect(await outcome(await sign())).toEqual(caller);
    published = [keys.next.jwk];
    const renewed = await sign({ header: { kid: 'key-2', alg: 'ES256' }, key: keys.next.privateKey });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
    expect(await outcome(renewed)).toEqual(caller);
    monotonicMs += 600_001;
    expect(await outcome(await sign({ payload: { jti: 'another' } }))).toEqual(invalid);
  });

  test('are of the issuer by its own words, and read by HTTPS or on this machine', async () => {
    for (const metadata of [
      { issuer: 'https://elsewhere.example', jwks_uri: `${realm.url}/keys` },
      { issuer: realm.url, jwks_uri: 'http://keys.example/keys' },
      { issuer: realm.url },
      ['a'.repeat(300_000)],
    ]) {
      monotonicMs += 600_001;
      answerMetadata = (_request, response) => sendJson(response, 200, metadata);
      expect(await outcome(await sign())).toEqual(unavailable);
    }
    expect(fetched).not.toContain('/keys');
  });

  test('that cannot be had are asked for once in two seconds, however many tokens come, and told once in ten', async () => {
    answerMetadata = (_request, response) => void response.writeHead(500).end();
    const many = await Promise.all(Array.from({ length: 20 }, (_, index) => sign({ payload: { jti: String(index) } })));
    expect(new Set((await Promise.all(many.map(outcome))).map(String))).toEqual(new Set([unavailable.join(',')]));
    expect(await outcome(await sign())).toEqual(unavailable);
    expect([fetched.length, faults]).toEqual([1, [realm.url]]);
    answerMetadata = (_request, response) => sendJson(response, 200, { issuer: realm.url, jwks_uri: `${realm.url}/keys` });
    monotonicMs += 2_001;
    expect(await outcome(await sign())).toEqual(caller);
  });

  test('of more than what is read are none', async () => {
    answerKeys = (_request, response) =>
      sendJson(response, 200, { keys: [...published, { kty: 'oct', k: 'a'.repeat(300_000) }] });
    expect(await outcome(await sign())).toEqual(unavailable);
  });
});
