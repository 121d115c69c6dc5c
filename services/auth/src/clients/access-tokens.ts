import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SignAccessToken, TokenIssue } from '../core/access-token.ts';
import type { Now } from '../core/random.ts';
import { accessTokenLifetimeSeconds } from '../core/limits.ts';
import type { TokenSubject } from '../core/user-store.ts';
import type { CachedKeyRing, KeyRing } from './key-ring.ts';
import { algorithm } from './signing-keys.ts';

/** `typ` of an access token (RFC 9068, section 2.1), so that no other token can stand in for one. */
const tokenType = 'at+jwt';
const audience = 'guildhall';

export interface AccessTokenParts {
  readonly keyRing: Pick<CachedKeyRing, 'current'>;
  readonly issuer: string;
  readonly now: Now;
}

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

/** Signs access tokens with the current key. */
export const createSignAccessToken =
  ({ keyRing, issuer, now }: AccessTokenParts): SignAccessToken =>
  async (subject, sessionId, issue = { at: now(), id: randomUUID() }) =>
    signToken(await keyRing.current(), issuer, claimsOf(subject, sessionId), issue);
