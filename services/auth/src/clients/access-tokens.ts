import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { SignAccessToken, TokenIssue } from '../core/access-token.ts';
import type { Now } from '../core/random.ts';
import { accessTokenLifetimeSeconds } from '../core/limits.ts';
import type { PublishedKey, SigningKey, SigningKeys } from '../core/signing-keys.ts';
import type { TokenSubject } from '../core/user-store.ts';
import type { Vault } from './vault.ts';

/** EdDSA with Ed25519 (RFC 8037). */
const algorithm = 'EdDSA';
/** `typ` of an access token (RFC 9068, section 2.1), so that no other token can stand in for one. */
const tokenType = 'at+jwt';
const audience = 'guildhall';
/** The longest time for which a process uses its cached keys. */
const keysAgeMsMax = 60_000;

export interface AccessTokens {
  readonly sign: SignAccessToken;
  /** The public keys that verify tokens (RFC 7517). */
  publicKeys(): Promise<readonly Record<string, unknown>[]>;
  /** The `kid`s of all current keys; the first key is created if there is none. */
  keyIds(): Promise<readonly string[]>;
  /** Drops the cached keys: they may be another database's. */
  forgetKeys(): void;
}

export interface AccessTokenParts {
  readonly keys: SigningKeys;
  readonly vault: Vault;
  readonly issuer: string;
  readonly now: Now;
  /** Milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
}

interface KeyRing {
  readonly kid: string;
  readonly privateKey: CryptoKey | Uint8Array;
  readonly published: readonly PublishedKey[];
  readonly readAtMs: number;
}

const contextOf = (kid: string): string => `signing key ${kid}`;

const createKey = async (vault: Vault): Promise<SigningKey> => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    kid,
    publicJwk: { ...publicJwk, kid, alg: algorithm, use: 'sig' },
    sealedPrivateJwk: vault.seal(JSON.stringify(await exportJWK(privateKey)), contextOf(kid)),
  };
};

type Claims = ReturnType<typeof claimsOf>;

const claimsOf = ({ id, email, displayName, roles, permissions, accessVersion }: TokenSubject, sessionId: string) => ({
  sub: id,
  sid: sessionId,
  name: displayName,
  email,
  roles: [...roles],
  permissions: [...permissions],
  accessVersion,
});

const signToken = ({ kid, privateKey }: KeyRing, issuer: string, claims: Claims, issue: TokenIssue): Promise<string> => {
  const issuedAt = Math.floor(issue.at.getTime() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, kid, typ: tokenType })
    .setIssuer(issuer)
    .setAudience(audience)
    .setJti(issue.id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + accessTokenLifetimeSeconds)
    .sign(privateKey);
};

/** Signs access tokens with the current key, which is created on first use. */
export const createAccessTokens = ({ keys, vault, issuer, now, monotonicMs }: AccessTokenParts): AccessTokens => {
  let ring: KeyRing | null = null;
  let reading: Promise<KeyRing> | null = null;

  const readRing = async (): Promise<KeyRing> => {
    const published = await keys.published();
    const current = published.find(({ status }) => status === 'current');
    return current === undefined ? makeFirst() : toRing(current, published);
  };
  const makeFirst = async (): Promise<KeyRing> => {
    await keys.addFirst(await createKey(vault), now());
    const published = await keys.published();
    const current = published.find(({ status }) => status === 'current');
    if (current === undefined) throw new Error('There is no current signing key, though one was just made.');
    return toRing(current, published);
  };
  const toRing = async ({ kid, sealedPrivateJwk }: PublishedKey, published: readonly PublishedKey[]): Promise<KeyRing> => ({
    kid,
    privateKey: await importJWK(JSON.parse(vault.open(sealedPrivateJwk, contextOf(kid))) as JWK, algorithm),
    published,
    readAtMs: monotonicMs(),
  });
  const currentRing = async (): Promise<KeyRing> => {
    if (ring !== null && monotonicMs() - ring.readAtMs < keysAgeMsMax) return ring;
    const started = (reading ??= readRing());
    try {
      const read = await started;
      // Dropped in the meantime: the read serves the callers from before that, and is not cached.
      if (reading === started) ring = read;
      return read;
    } finally {
      if (reading === started) reading = null;
    }
  };

  return {
    sign: async (subject, sessionId, issue = { at: now(), id: randomUUID() }) =>
      signToken(await currentRing(), issuer, claimsOf(subject, sessionId), issue),
    publicKeys: async () => (await currentRing()).published.map(({ publicJwk }) => publicJwk),
    keyIds: async () => {
      const published = await keys.published();
      return (published.length > 0 ? published : (await currentRing()).published).map(({ kid }) => kid);
    },
    forgetKeys: () => {
      ring = null;
      reading = null;
    },
  };
};
