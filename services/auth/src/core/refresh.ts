import { AppError } from '@guildhall/errors';
import type { SignAccessToken, Tokens } from './access-token.ts';
import { accessTokenLifetimeSeconds, refreshGraceSeconds } from './limits.ts';
import type { Now, Random, SecretHashes } from './random.ts';
import { parseRefreshToken, refreshTokenOf } from './refresh-token.ts';
import type { Database } from './stores.ts';
import type { VisitorContext } from './visitor.ts';

export interface RefreshParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly signAccessToken: SignAccessToken;
  readonly now: Now;
}

/**
 * Exchanges a refresh token (RFC 6749, section 6; rotation after RFC 9700, section 4.14.2). Of many concurrent exchanges of
 * one token one wins; the others throw CONFLICT. Reuse of a token later than that ends the session. UNAUTHENTICATED otherwise:
 * an invented secret ends nothing, or anyone who saw a session's id could sign its owner out.
 */
export const createRefresh = (parts: RefreshParts) =>
  async function refresh(context: VisitorContext, token: string): Promise<Tokens> {
    const { database, random, hashes, now, signAccessToken } = parts;
    const receivedAt = now();
    const given = parseRefreshToken(token);
    if (given === null) throw refused();
    const { sessionId, secret } = given;
    const next = random.newSecret();
    const usedHash = hashes.hashSecret(secret);
    const account = await database.stores.sessions.rotate({ sessionId, usedHash, nextHash: hashes.hashSecret(next) }, receivedAt);
    if (account === null) throw await refusalOf(parts, context, { sessionId, usedHash, receivedAt });
    return {
      accessToken: await signAccessToken(account, sessionId),
      refreshToken: refreshTokenOf(sessionId, next),
      tokenType: 'Bearer',
      expiresIn: accessTokenLifetimeSeconds,
    };
  };

const refused = (): AppError => new AppError('UNAUTHENTICATED', 'The refresh token is invalid. Sign in again.');

interface RefusedExchange {
  readonly sessionId: string;
  readonly usedHash: string;
  readonly receivedAt: Date;
}

/**
 * The error for a token that could not be exchanged. Ends the session when a used token was used again. The grace counts from
 * one request's arrival to the other's: how long a request waits for a busy database does not make it a thief's.
 */
const refusalOf = async (
  { database, now }: RefreshParts,
  context: VisitorContext,
  { sessionId, usedHash, receivedAt }: RefusedExchange,
): Promise<AppError> => {
  const used = await database.stores.sessions.findTraded(sessionId, usedHash);
  if (used === null) return refused();
  if (receivedAt.getTime() - used.usedAt.getTime() <= refreshGraceSeconds * 1000) {
    return new AppError('CONFLICT', 'This refresh token was exchanged a moment ago by this device itself. Use the newer one.');
  }
  const revoked = context.audit('success', {
    action: 'session.revoke',
    resource: { type: 'session', id: sessionId },
    changes: [{ path: '/reason', after: 'reuse' }],
  });
  const revokedAt = now();
  await database.inTransaction(async ({ sessions, outbox }) => {
    if (await sessions.revoke(sessionId, used.userId, revokedAt)) await outbox.append([revoked]);
  });
  return refused();
};
