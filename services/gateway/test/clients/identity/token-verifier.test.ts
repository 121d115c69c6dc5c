import { randomUUID } from 'node:crypto';
import { isAppError } from '@guildhall/errors';
import * as fc from 'fast-check';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokenVerifier, type TokenVerifier } from '../../../src/clients/identity/token-verifier.ts';
import { createIssuer, type Issuer } from '../../support/issuer.ts';
import { sendJson, startStandIn, type StandIn, type StandInAnswer } from '../../support/stand-in.ts';

let issuer: Issuer;
let auth: StandIn;
let fetches: number;
let answerJwks: StandInAnswer;
let revoked: Set<string>;
let verify: TokenVerifier['verify'];
let reloadKeys: TokenVerifier['reloadKeys'];

beforeEach(async () => {
  issuer = await createIssuer();
  fetches = 0;
  revoked = new Set();
  answerJwks = (_request, response) => sendJson(response, 200, issuer.jwks());
  auth = await startStandIn((request, response) => {
    fetches += 1;
    return answerJwks(request, response);
  });
  const jwksUrl = `${auth.url}/v1/.well-known/jwks.json`;
  ({ verify, reloadKeys } = createTokenVerifier({
    jwksUrl,
    issuer: issuer.publicUrl,
    revocationOf: ({ sessionId, keyId, userId, accessVersion }) => {
      if (revoked.has(sessionId)) return 'session';
      if (revoked.has(keyId)) return 'key';
      return revoked.has(`${userId} at ${accessVersion}`) ? 'access' : null;
    },
  }));
});
afterEach(async () => {
  vi.useRealTimers();
  await auth.stop();
});

const outcome = (token: string): Promise<unknown> =>
  verify(token).then(
    () => 'good',
    (error: unknown) => (isAppError(error) ? error.code : error),
  );

test('a good token says who is calling', async () => {
  const sessionId = randomUUID();
  const token = await issuer.sign({ userId: 'ada', sessionId, permissions: ['audit:read'] });
  expect(await verify(token)).toEqual({
    userId: 'ada',
    sessionId,
    displayName: 'Ada',
    email: 'ada@example.org',
    permissions: ['audit:read'],
  });
});

const goodClaims = () => ({ sub: 'ada', sid: randomUUID(), name: 'Ada', email: 'a@example.org', permissions: ['audit:read'] });
const withGoodClaims = () =>
  new SignJWT(goodClaims()).setIssuer(issuer.publicUrl).setAudience('guildhall').setExpirationTime('5m');

describe('tokens that are refused', () => {
  test.each([
    ['expired', { expiresInSeconds: -30 }],
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['for another audience', { audience: 'elsewhere' }],
    ['of another type', { typ: 'JWT' }],
    ['a principal of the inside', { typ: 'guildhall-principal+jwt' }],
    ['without expiry', { without: ['exp'] }],
    ['without issuer', { without: ['iss'] }],
    ['without audience', { without: ['aud'] }],
    ['without subject', { without: ['sub'] }],
    ['without session', { without: ['sid'] }],
    ['without permissions', { without: ['permissions'] }],
    ['with an empty subject', { userId: '' }],
  ])('%s', async (_name, options) => {
    expect(await outcome(await issuer.sign(options))).toBe('UNAUTHENTICATED');
  });

  test('not signed at all', async () => {
    const unsigned = new UnsecuredJWT(goodClaims()).setIssuer(issuer.publicUrl).setAudience('guildhall').setExpirationTime('5m');
    expect(await outcome(unsigned.encode())).toBe('UNAUTHENTICATED');
  });

  test('signed with HS256 and the public key, in each of its forms, as the secret', async () => {
    const jwk = issuer.publicJwk();
    const key = await importJWK(jwk, 'EdDSA', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('An Ed25519 key is no secret.');
    for (const secret of [jwk.x ?? '', JSON.stringify(jwk), await exportSPKI(key)]) {
      const header = { alg: 'HS256', typ: 'at+jwt', kid: jwk.kid ?? '' };
      const token = await withGoodClaims().setProtectedHeader(header).sign(new TextEncoder().encode(secret));
      expect(await outcome(token)).toBe('UNAUTHENTICATED');
    }
  });

  test('signed by another key that names ours, or brings itself along', async () => {
    const other = await createIssuer();
    const [, payload, signature] = (await other.sign()).split('.');
    const headers = [
      { alg: 'EdDSA', typ: 'at+jwt', kid: issuer.publicJwk().kid },
      { alg: 'EdDSA', typ: 'at+jwt', jwk: other.publicJwk() },
      { alg: 'EdDSA', typ: 'at+jwt', jku: `${auth.url}/evil` },
    ];
    await verify(await issuer.sign());
    for (const header of headers) {
      const head = Buffer.from(JSON.stringify(header)).toString('base64url');
      expect(await outcome(`${head}.${payload}.${signature}`)).toBe('UNAUTHENTICATED');
    }
    expect(fetches).toBe(1);
  });

  test('anything else, and it is never taken for a fault of ours', async () => {
    const token = await issuer.sign();
    await verify(token);
    // The last character of a signature holds unused bits, so that another one may stand for the same bytes.
    const changed = fc
      .tuple(fc.nat(token.length - 2), fc.constantFrom('', '.', 'A', '-', '{', 'é'))
      .map(([at, text]) => token.slice(0, at) + text + token.slice(at + 1));
    const odd = fc.constantFrom('', '.', '..', '...', 'e30.e30.e30', 'bnVsbA.bnVsbA.bnVsbA', 'eyJhbGciOiJub25lIn0..');
    const header = fc.object({ key: fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64', 'zip', 'enc') });
    const made = header.map((value) => `${Buffer.from(JSON.stringify(value)).toString('base64url')}.e30.AAAA`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, odd, made, fc.string()), async (text) => {
        fc.pre(text !== token);
        expect(await outcome(text)).toBe('UNAUTHENTICATED');
      }),
      { numRuns: 300 },
    );
  });
});

describe('keys', () => {
  test('are fetched once for many tokens, also when they come together', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.sign()));
    expect(await Promise.all(tokens.map(outcome))).toEqual(tokens.map(() => 'good'));
    expect(fetches).toBe(1);
  });

  test('are fetched again for a key that is not known yet, but not more than once in five seconds', async () => {
    await verify(await issuer.sign());
    await issuer.rotate();
    const token = await issuer.sign();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
    expect(await outcome(token)).toBe('good');
    expect(fetches).toBe(2);
    const strangers = await Promise.all([1, 2, 3].map(async () => (await createIssuer()).sign()));
    expect(await Promise.all(strangers.map(outcome))).toEqual(strangers.map(() => 'UNAUTHENTICATED'));
    expect(fetches).toBe(2);
  });

  test('are fetched again at once when somebody knows that there are others', async () => {
    await verify(await issuer.sign());
    await issuer.rotate();
    await reloadKeys();
    expect(await outcome(await issuer.sign())).toBe('good');
    expect(fetches).toBe(2);
  });

  test.each([
    ['auth is away', undefined],
    ['auth answers 500', (_request, response) => sendJson(response, 500, {})],
    ['auth answers something else', (_request, response) => sendJson(response, 200, { hello: 'world' })],
    ['auth answers no JSON', (_request, response) => response.writeHead(200).end('<html>')],
    ['auth breaks off', (request) => request.socket.destroy()],
  ] satisfies [string, StandInAnswer | undefined][])(
    'while %s a token is not refused but cannot be told',
    async (_name, answer) => {
      const token = await issuer.sign();
      if (answer === undefined) await auth.stop();
      else answerJwks = answer;
      expect(await outcome(token)).toBe('SERVICE_UNAVAILABLE');
      if (answer === undefined) await auth.restart();
      answerJwks = (_request, response) => sendJson(response, 200, issuer.jwks());
      expect(await outcome(token)).toBe('good');
    },
  );

  test('while auth is away a token that was seen before is still good', async () => {
    const token = await issuer.sign();
    await verify(token);
    await auth.stop();
    expect(await outcome(token)).toBe('good');
    await auth.restart();
  });
});

test('a token that was verified expires all the same', async () => {
  const token = await issuer.sign({ expiresInSeconds: 60 });
  expect(await outcome(token)).toBe('good');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 70_000 });
  expect(await outcome(token)).toBe('UNAUTHENTICATED');
});

test('a token that was verified is refused as soon as the rights in it are outdated, and one without a count is the oldest', async () => {
  const [old, fresh] = [await issuer.sign(), await issuer.sign({ accessVersion: 2 })];
  expect([await outcome(old), await outcome(fresh)]).toEqual(['good', 'good']);
  revoked.add('ada at 0');
  expect([await outcome(old), await outcome(fresh)]).toEqual(['UNAUTHENTICATED', 'good']);
});

test('a token that was verified is refused as soon as its session is revoked', async () => {
  const sessionId = randomUUID();
  const token = await issuer.sign({ sessionId });
  expect(await outcome(token)).toBe('good');
  revoked.add(sessionId);
  expect(await outcome(token)).toBe('SESSION_ENDED');
});

test('a token that was verified is refused as soon as the key that signed it is withdrawn', async () => {
  const token = await issuer.sign();
  expect(await outcome(token)).toBe('good');
  revoked.add(issuer.publicJwk().kid ?? '');
  expect(await outcome(token)).toBe('UNAUTHENTICATED');
});
