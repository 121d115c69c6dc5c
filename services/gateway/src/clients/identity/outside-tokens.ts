import { internalRoutes } from '@guildhall/contracts';
import { AppError, isAppError } from '@guildhall/errors';
import { answerOf, type InternalClient } from '@guildhall/http';
import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type ProtectedHeaderParameters } from 'jose';
import type { Static } from 'typebox';
import type { SignedInUser } from '../../core/admission/admit.ts';
import type { OutsideIssuer } from '../../core/admission/outside-issuers.ts';
import { createCallerLookup } from './caller-lookup.ts';
import { createOutsideKeys } from './outside-keys.ts';
import { isKeyFault } from './token-verifier.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface OutsideTokensParts {
  readonly issuers: readonly OutsideIssuer[];
  readonly auth: InternalClient;
  readonly monotonicMs: () => number;
  /** Called with what went wrong at an issuer whose keys could not be read, at most once in `faultEveryMs` for each: anybody can send a token that names it. */
  readonly onFault: (error: unknown, issuer: string) => void;
}

export interface OutsideTokens {
  /** True for a token that names an issuer of the settings. It says nothing about whether the token is good. */
  isOutside(token: string): boolean;
  /**
   * Finds the caller of an access token of an outside issuer: the account that is connected with its subject, as auth knew it at most a second ago. Throws UNAUTHENTICATED for a
   * token that is not good, of nobody here, or that lacks the second factor of its account; SERVICE_UNAVAILABLE where the keys cannot be read, or auth does not answer; and what `onLookup`
   * throws, which is called before auth is asked.
   */
  verify(token: string, onLookup: () => void): Promise<SignedInUser>;
}

/** Signatures by key pairs alone (RFC 8725, section 3.1): with a shared secret the public key would be as good as the private one. */
export const outsideAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const clockToleranceSeconds = 30;
/** The longest time for which a token is taken after it was issued, whatever it says. */
const tokenAgeSecondsMax = 86_400;
/** Tokens whose signature was verified. */
const verifiedTokensMax = 2_000;
const subjectCharactersMax = 255;
const faultEveryMs = 10_000;

const Answer = answerOf(internalRoutes.findOutsideUser.responses[200]);
type Found = NonNullable<Static<(typeof internalRoutes.findOutsideUser.responses)[200]>['found']>;

/** Verifies access tokens of outside issuers (RFC 9068; RFC 8725), and finds whose they are here. */
export const createOutsideTokens = ({ issuers, auth, monotonicMs, onFault }: OutsideTokensParts): OutsideTokens => {
  const withKeys = (each: OutsideIssuer) => ({
    ...each,
    keys: createOutsideKeys(each.issuer, monotonicMs),
    onFault: once(monotonicMs, (error) => onFault(error, each.issuer)),
  });
  const known = new Map(issuers.map((each) => [each.issuer, withKeys(each)]));
  const read = createVerifiedTokens({
    verify: (token) => {
      const issuer = known.get(issuerOf(token) ?? '');
      if (issuer === undefined) throw invalidToken();
      return verifyToken(token, issuer).catch((error: unknown) => {
        if (isAppError(error)) throw error;
        if (!isKeyFault(error)) throw invalidToken(error);
        issuer.onFault(error);
        throw unavailable(issuer.issuer, error);
      });
    },
    expired: invalidToken,
    max: verifiedTokensMax,
    clockToleranceSeconds,
  });
  const find = createCallerLookup(
    (user: OutsideUser) => JSON.stringify([user.issuer, user.subject]),
    async (body): Promise<Found | null> => {
      const { path } = internalRoutes.findOutsideUser;
      return (await auth.call({ method: 'POST', path, mayBeSentAgain: true, body, answer: Answer })).found;
    },
  );
  return {
    isOutside: (token) => known.size > 0 && known.has(issuerOf(token) ?? ''),
    async verify(token, onLookup) {
      const { issuer, subject } = await read(token);
      const found = await find({ issuer: issuer.issuer, subject }, onLookup);
      if (found === null) throw unknownUser(issuer.issuer);
      if (found.needsSecondFactor && !issuer.asksForSecondFactor) throw factorMissing(issuer.issuer);
      return callerOf(found, issuer.permissions);
    },
  };
};

/** Calls at most once in `faultEveryMs`. */
const once = (monotonicMs: () => number, call: (error: unknown) => void): ((error: unknown) => void) => {
  let lastMs = -Infinity;
  return (error) => {
    if (monotonicMs() - lastMs < faultEveryMs) return;
    lastMs = monotonicMs();
    call(error);
  };
};

interface OutsideUser {
  readonly issuer: string;
  readonly subject: string;
}

/** The issuer that a token names, which nobody has verified. */
const issuerOf = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
};

const verifyToken = async (token: string, issuer: OutsideIssuer & { readonly keys: JWTVerifyGetKey }) => {
  const { payload, protectedHeader } = await jwtVerify(token, issuer.keys, {
    issuer: issuer.issuer,
    audience: issuer.audience,
    algorithms: outsideAlgorithms,
    clockTolerance: clockToleranceSeconds,
    maxTokenAge: tokenAgeSecondsMax,
    requiredClaims: ['exp', 'iat', 'sub'],
  });
  const { sub: subject = '', exp = 0, iat = 0 } = payload;
  if (!isAccessToken(protectedHeader, payload) || subject === '' || subject.length > subjectCharactersMax) throw invalidToken();
  return { issuer, subject, expiresAtMs: Math.min(exp, iat + tokenAgeSecondsMax) * 1000 };
};

/** Whether a token is an access token, by its type (RFC 9068) or as Keycloak says it: an ID token or a refresh token of the same issuer is none. */
const isAccessToken = ({ typ }: ProtectedHeaderParameters, payload: JWTPayload): boolean => {
  const type = String(typ)
    .toLowerCase()
    .replace(/^application\//, '');
  return type === 'at+jwt' || (type === 'jwt' && payload['typ'] === 'Bearer');
};

/** The caller is known by their connection, as that of a personal access token by the token. */
const callerOf = (
  { connectionId, userId, displayName, email, permissions }: Found,
  tokenPermissions: readonly string[],
): SignedInUser => ({
  userId,
  sessionId: connectionId,
  displayName,
  email,
  permissions: permissions.filter((permission) => tokenPermissions.includes(permission)),
  tokenPermissions,
});

const invalidToken = (cause?: unknown): AppError =>
  new AppError('UNAUTHENTICATED', 'The access token is invalid or has expired. Get another one from its issuer.', { cause });

const unknownUser = (issuer: string): AppError =>
  new AppError(
    'UNAUTHENTICATED',
    `No active account is connected with this user of ${issuer}. Sign in and connect it in your account.`,
  );

const factorMissing = (issuer: string): AppError =>
  new AppError('UNAUTHENTICATED', `This account needs a second factor, which tokens of ${issuer} do not show. Sign in instead.`);

const unavailable = (issuer: string, cause: unknown): AppError =>
  new AppError('SERVICE_UNAVAILABLE', `Access tokens of ${issuer} cannot be verified right now.`, {
    cause,
    retryAfterSeconds: 2,
  });
