import { AppError } from '@guildhall/errors';
import type { SignAccessToken, Tokens } from './access-token.ts';
import type { Chance, Digests, Now } from './chance.ts';
import { accessTokenLifetimeSeconds, refreshGraceSeconds } from './limits.ts';
import { audited } from './messages.ts';
import { stranger, type Origin } from './origin.ts';
import { parseRefreshToken, refreshTokenOf } from './refresh-token.ts';
import type { Database } from './stores.ts';

export interface RefreshParts {
  readonly database: Database;
  readonly chance: Chance;
  readonly digests: Digests;
  readonly signAccessToken: SignAccessToken;
  readonly now: Now;
}

/**
 * Trades a refresh token (RFC 6749, section 6; rotation after RFC 9700, section 4.14.2). Of many that trade one token
 * at once, one wins; the others get CONFLICT. One that comes back later ends the session. UNAUTHENTICATED otherwise:
 * a made-up secret ends nothing, or anyone who saw a session's id could sign its owner out.
 */
export const createRefresh = (parts: RefreshParts) =>
  async function refresh(token: string, origin: Origin): Promise<Tokens> {
    const { database, chance, digests, now, signAccessToken } = parts;
    const given = parseRefreshToken(token);
    if (given === null) throw refused();
    const { sessionId, secret } = given;
    const next = chance.newSecret();
    const usedHash = digests.ofSecret(secret);
    const account = await database.stores.sessions.rotate({ sessionId, usedHash, nextHash: digests.ofSecret(next) }, now());
    if (account === null) throw await whyRefused(parts, sessionId, usedHash, origin);
    return {
      accessToken: await signAccessToken(account, sessionId),
      refreshToken: refreshTokenOf(sessionId, next),
      tokenType: 'Bearer',
      expiresIn: accessTokenLifetimeSeconds,
    };
  };

const refused = (): AppError => new AppError('UNAUTHENTICATED', 'The refresh token is not good. Sign in again.');

const whyRefused = async ({ database, chance, now }: RefreshParts, sessionId: string, usedHash: string, origin: Origin) => {
  const traded = await database.stores.sessions.findTraded(sessionId, usedHash);
  if (traded === null) return refused();
  const at = now();
  if (at.getTime() - traded.usedAt.getTime() <= refreshGraceSeconds * 1000) {
    return new AppError('CONFLICT', 'This token was traded a moment ago, by this device itself. Use the newer one.');
  }
  const revoked = audited(
    { id: chance.newId(), at },
    {
      actor: stranger(origin),
      action: 'session.revoke',
      resource: { type: 'session', id: sessionId },
      changes: [{ path: '/reason', after: 'reuse' }],
      requestId: origin.requestId,
    },
  );
  await database.inTransaction(async ({ sessions, outbox }) => {
    if (await sessions.revoke(sessionId, traded.userId, at)) await outbox.append([revoked]);
  });
  return refused();
};
