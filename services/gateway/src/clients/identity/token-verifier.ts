import { jwksCacheSecondsMax } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RevokedSessions, TokenOrigin } from './revoked-sessions.ts';
import type { SignedInUser } from '../../core/admission/admit.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface TokenVerifierParts {
  /** Where auth publishes its public keys (RFC 7517). */
  readonly jwksUrl: string;
  readonly issuer: string;
  /** Whether the session, the key that signed its token, or the rights in it were revoked. Throws SERVICE_UNAVAILABLE if the list is too old. */
  readonly revocationOf: RevokedSessions['revocationOf'];
}

const jwksTimeoutMs = 2_000;
/** After an unknown key id, how long until the keys are fetched again. */
const jwksCooldownMs = 5_000;
const clockToleranceSeconds = 5;
/** Tokens whose signature was verified, kept until they expire. */
const verifiedTokensMax = 10_000;

interface VerifiedToken {
  readonly caller: SignedInUser;
  readonly origin: TokenOrigin;
  readonly expiresAtMs: number;
}

const Claims = Compile(
  Type.Object({
    sub: Type.String({ minLength: 1 }),
    sid: Type.String({ minLength: 1 }),
    exp: Type.Number(),
    name: Type.String(),
    email: Type.String(),
    permissions: Type.Array(Type.String()),
    /** Absent from tokens of earlier versions of auth. */
    accessVersion: Type.Optional(Type.Integer()),
  }),
);

export interface TokenVerifier {
  /** Throws UNAUTHENTICATED for an invalid token, SESSION_ENDED, SERVICE_UNAVAILABLE if it cannot be verified right now. */
  verify(token: string): Promise<SignedInUser>;
  /** Fetches the keys at once. Rejects if that fails. */
  reloadKeys(): Promise<void>;
}

/**
 * Verifies access tokens (RFC 9068) against auth's keys: each token's signature once, its expiry and whether its
 * session or its key was revoked at every use. Single flight: equal tokens that arrive together are verified once.
 */
export const createTokenVerifier = ({ jwksUrl, issuer, revocationOf }: TokenVerifierParts): TokenVerifier => {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: jwksTimeoutMs,
    cooldownDuration: jwksCooldownMs,
    cacheMaxAge: jwksCacheSecondsMax * 1000,
  });
  const verifySignature = async (token: string): Promise<VerifiedToken> => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience: 'guildhall',
      algorithms: ['EdDSA', 'Ed25519'],
      typ: 'at+jwt',
      clockTolerance: clockToleranceSeconds,
    }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    if (!Claims.Check(payload)) throw invalidToken();
    const { sub: userId, sid: sessionId, name: displayName, email, permissions, exp, accessVersion = 0 } = payload;
    const caller = { userId, sessionId, displayName, email, permissions };
    const origin = { sessionId, userId, accessVersion, keyId: protectedHeader.kid ?? '' };
    return { caller, origin, expiresAtMs: exp * 1000 };
  };
  const read = createVerifiedTokens({
    verify: verifySignature,
    expired: invalidToken,
    max: verifiedTokensMax,
    clockToleranceSeconds,
  });

  return {
    async verify(token) {
      const { caller, origin } = await read(token);
      const revocation = revocationOf(origin);
      if (revocation === 'session') throw new AppError('SESSION_ENDED', 'This session has ended. Sign in again.');
      if (revocation === 'access') throw new AppError('UNAUTHENTICATED', 'Your rights have changed. Refresh the access token.');
      if (revocation === 'key') throw invalidToken();
      return caller;
    },
    reloadKeys: () => keys.reload(),
  };
};

const invalidToken = (cause?: unknown): AppError =>
  new AppError('UNAUTHENTICATED', 'The access token is invalid or has expired. Refresh it or sign in again.', { cause });

/** True for an error of keys that could not be had, which says nothing about the token. */
export const isKeyFault = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  error.code === 'ERR_JOSE_GENERIC' ||
  error instanceof errors.JWKSInvalid;

/** UNAUTHENTICATED for an invalid token, SERVICE_UNAVAILABLE if auth's keys cannot be fetched. */
const refusalOf = (error: unknown): AppError => {
  if (!isKeyFault(error)) return invalidToken(error);
  return new AppError('SERVICE_UNAVAILABLE', 'Access tokens cannot be verified right now.', {
    cause: error,
    retryAfterSeconds: 2,
  });
};
