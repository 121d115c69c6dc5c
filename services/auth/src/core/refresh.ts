import { AppError } from '@guildhall/errors';
import { userActor } from '@guildhall/resources';
import type { SignAccessToken, Tokens } from './access-token.ts';
import { accessTokenLifetimeSeconds, noticeLifetimeSeconds, refreshGraceSeconds } from './limits.ts';
import { tokenReusedMail, type SealMail } from './mails.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { parseSecretToken, secretTokenOf } from './secret-token.ts';
import { sessionEnded, sessionRevocation } from './sessions.ts';
import type { RefreshSubject } from './session-store.ts';
import type { Database } from './stores.ts';
import type { TokenSubject } from './user-store.ts';
import type { VisitorContext } from './visitor.ts';

export interface RefreshParts {
  readonly database: Database;
  readonly hashes: SecretHashes;
  readonly random: Random;
  readonly sealMail: SealMail;
  /** Called after the commit that queued a mail. */
  readonly onMailQueued: () => void;
  readonly signAccessToken: SignAccessToken;
  readonly now: Now;
  /** The global roles whose holders must have a second factor. */
  readonly requiredRoles: readonly string[];
}

/** An exchange of a refresh token for the next one, which follows from it. */
interface Exchange {
  readonly sessionId: string;
  readonly usedHash: string;
  readonly nextSecret: string;
  readonly nextHash: string;
  readonly receivedAt: Date;
}

/**
 * Exchanges a refresh token (RFC 6749, section 6): refresh token rotation with reuse detection (RFC 9700, section 4.14.2). Of many concurrent exchanges of one token one
 * rotates it; the others, and one whose answer was lost, get the same pair again within the grace, or CONFLICT once the next token was
 * used, too. Reuse later than that ends the session, and its user is mailed. UNAUTHENTICATED otherwise: an invented secret ends nothing, or anyone who saw a
 * session's id could sign its owner out.
 */
export const createRefresh = (parts: RefreshParts) =>
  async function refresh(context: VisitorContext, token: string): Promise<Tokens> {
    const { sessions } = parts.database.stores;
    const exchange = exchangeOf(parts, token);
    if (exchange === null) throw refused();
    const { sessionId, usedHash, nextHash, receivedAt } = exchange;
    const account = await sessions.rotate({ sessionId, usedHash, nextHash }, receivedAt);
    if (account !== null) {
      if (lacksFactor(parts, account)) throw await endForFactor(parts, context, sessionId, account.id);
      return pairOf(parts, exchange, account, receivedAt);
    }
    const used = await sessions.findTraded(sessionId, usedHash);
    if (used === null) throw refused();
    if (!isWithinGrace(used.usedAt, receivedAt)) throw await endSession(parts, context, sessionId, used.userId);
    const repeated = await sessions.findByToken(sessionId, nextHash, receivedAt);
    if (repeated !== null && !lacksFactor(parts, repeated)) return pairOf(parts, exchange, repeated, used.usedAt);
    throw new AppError('CONFLICT', 'This refresh token was exchanged a moment ago by this device itself. Use the newer one.');
  };

const exchangeOf = ({ hashes, now }: RefreshParts, token: string): Exchange | null => {
  const receivedAt = now();
  const given = parseSecretToken(token);
  if (given === null) return null;
  const nextSecret = hashes.nextSecret(given.id, given.secret);
  const usedHash = hashes.hashSecret(given.secret);
  return { sessionId: given.id, usedHash, nextSecret, nextHash: hashes.hashSecret(nextSecret), receivedAt };
};

/** Issues the pair of an exchange: the same each time for the same account and the time at which the token was rotated. */
const pairOf = async (
  { hashes, signAccessToken }: RefreshParts,
  { sessionId, nextSecret }: Exchange,
  account: TokenSubject,
  rotatedAt: Date,
): Promise<Tokens> => ({
  accessToken: await signAccessToken(account, sessionId, {
    at: rotatedAt,
    id: hashes.hashSubject(`access token with ${nextSecret}`),
  }),
  refreshToken: secretTokenOf(sessionId, nextSecret),
  tokenType: 'Bearer',
  expiresIn: accessTokenLifetimeSeconds,
});

/**
 * Tells whether a used token came back in time. The grace counts from one request's arrival to the other's: how long a request waits for a
 * busy database does not make it a thief's.
 */
const isWithinGrace = (usedAt: Date, receivedAt: Date): boolean =>
  Math.abs(receivedAt.getTime() - usedAt.getTime()) <= refreshGraceSeconds * 1000;

/** True if a session without a second factor is refreshed, and a role of its account has come to require one. */
const lacksFactor = ({ requiredRoles }: RefreshParts, { roles, isMultiFactor }: RefreshSubject): boolean =>
  !isMultiFactor && roles.some((role) => requiredRoles.includes(role));

/** Ends a session that lacks the second factor. Returns the error for who used it. */
const endForFactor = async (
  { database, now }: RefreshParts,
  context: VisitorContext,
  sessionId: string,
  userId: string,
): Promise<AppError> => {
  const ended = {
    actor: userActor(userId, sessionId, context.caller),
    ...sessionRevocation(sessionId, 'second-factor-required'),
  };
  await database.inTransaction(async ({ sessions, outbox }) => {
    if (await sessions.revoke(sessionId, userId, now())) await outbox.append([context.audit('success', ended)]);
  });
  return sessionEnded();
};

const refused = (): AppError => new AppError('UNAUTHENTICATED', 'The refresh token is invalid. Sign in again.');

/** Ends the session of a used token that was used again, and mails its user. Returns the error for who used it. */
const endSession = async (
  { database, now, random, sealMail, onMailQueued }: RefreshParts,
  context: VisitorContext,
  sessionId: string,
  userId: string,
): Promise<AppError> => {
  const revoked = context.audit('success', {
    action: 'session.revoke',
    resource: { type: 'session', id: sessionId },
    changes: [{ path: '/reason', after: 'reuse' }],
  });
  const revokedAt = now();
  const email = await database.stores.users.findEmail(userId);
  const mailId = random.newId();
  const sealedMail = email === null ? null : sealMail(mailId, tokenReusedMail(email, revokedAt));
  await database.inTransaction(async ({ sessions, outbox, mails }) => {
    if (!(await sessions.revoke(sessionId, userId, revokedAt))) return;
    await outbox.append([revoked]);
    if (sealedMail !== null)
      await mails.add({ id: mailId, sealedMail, expiresAt: secondsAfter(revokedAt, noticeLifetimeSeconds) }, revokedAt);
  });
  onMailQueued();
  return refused();
};
