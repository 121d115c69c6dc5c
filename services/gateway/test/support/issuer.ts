import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export interface TokenOptions {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly permissions?: readonly string[];
  readonly accessVersion?: number;
  readonly issuer?: string;
  readonly audience?: string;
  readonly typ?: string;
  /** Seconds from now; negative for a token that has expired. */
  readonly expiresInSeconds?: number;
  /** Claims to leave out. */
  readonly without?: readonly string[];
}

/** A stand-in for auth: keys that rotate, and tokens signed with the newest one. */
export interface Issuer {
  readonly publicUrl: string;
  readonly jwks: () => { keys: JWK[] };
  sign(options?: TokenOptions): Promise<string>;
  /** The permissions that were signed last for a session; null for one that got no token. */
  permissionsOf(sessionId: string): readonly string[] | null;
  rotate(): Promise<void>;
  /** The public key as it is published, the newest one. */
  publicJwk(): JWK;
}

const newKey = async (): Promise<{ privateKey: CryptoKey; jwk: JWK }> => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'EdDSA', use: 'sig' } };
};

export const createIssuer = async (publicUrl = 'http://localhost:4300'): Promise<Issuer> => {
  const keys = [await newKey()];
  const permissionsBySession = new Map<string, readonly string[]>();
  const newest = () => {
    const key = keys[0];
    if (key === undefined) throw new Error('An issuer always has a key.');
    return key;
  };
  return {
    publicUrl,
    jwks: () => ({ keys: keys.map(({ jwk }) => jwk) }),
    publicJwk: () => newest().jwk,
    permissionsOf: (sessionId) => permissionsBySession.get(sessionId) ?? null,
    rotate: async () => void keys.unshift(await newKey()),
    sign({
      userId = 'ada',
      sessionId = randomUUID(),
      permissions = [],
      accessVersion,
      issuer = publicUrl,
      audience = 'guildhall',
      typ = 'at+jwt',
      expiresInSeconds = 300,
      without = [],
    } = {}) {
      permissionsBySession.set(sessionId, permissions);
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: issuer,
        aud: audience,
        sub: userId,
        sid: sessionId,
        name: 'Ada',
        email: 'ada@example.org',
        permissions: [...permissions],
        ...(accessVersion === undefined ? {} : { accessVersion }),
        iat: now - 400,
        exp: now + expiresInSeconds,
      };
      const payload = Object.fromEntries(Object.entries(claims).filter(([name]) => !without.includes(name)));
      const { privateKey, jwk } = newest();
      return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', typ, kid: jwk.kid ?? '' }).sign(privateKey);
    },
  };
};
