import { userActor, type AuditDraft } from '@guildhall/resources';
import type { SignAccessToken, Tokens } from './access-token.ts';
import { accessTokenLifetimeSeconds, sessionIdleSeconds } from './limits.ts';
import { secondsAfter, type Now, type Random, type SecretHashes } from './random.ts';
import { secretTokenOf } from './secret-token.ts';
import type { NewSession } from './session-store.ts';
import type { Database, Stores } from './stores.ts';
import type { TokenSubject } from './user-store.ts';
import { deviceLabelOf, type VisitorContext } from './visitor.ts';

export interface OpenSessionParts {
  readonly database: Database;
  readonly random: Random;
  readonly hashes: SecretHashes;
  readonly now: Now;
  readonly signAccessToken: SignAccessToken;
}

/** A session that is about to be opened for an account: its id and secret are chosen before the transaction, whose handler may run twice. */
export interface PreparedSession {
  readonly id: string;
  readonly refreshToken: string;
  /** `passwordHash` is null for a sign-in without a password. */
  sessionOf(userId: string, passwordHash: string | null, at: Date): NewSession;
  /** The audit event; it names the method where that is not the password. */
  eventOf(userId: string, method?: string): AuditDraft;
}

export const prepareSession = (
  { random, hashes }: Pick<OpenSessionParts, 'random' | 'hashes'>,
  { caller }: VisitorContext,
  givenLabel: string | undefined,
): PreparedSession => {
  const [id, secret] = [random.newId(), random.newSecret()];
  const refreshTokenHash = hashes.hashSecret(secret);
  const deviceLabel = deviceLabelOf(givenLabel, caller.userAgent);
  return {
    id,
    refreshToken: secretTokenOf(id, secret),
    sessionOf: (userId, passwordHash, at) => ({
      id,
      userId,
      refreshTokenHash,
      ipAddress: caller.ip,
      deviceLabel,
      expiresAt: secondsAfter(at, sessionIdleSeconds),
      passwordHash,
      isMultiFactor: false,
    }),
    eventOf: (userId, method) => ({
      actor: userActor(userId, id, caller),
      action: 'session.create',
      resource: { type: 'session', id, name: deviceLabel },
      ...(method === undefined ? {} : { changes: [{ path: '/method', after: method }] }),
    }),
  };
};

/** The audit event of a sign-in that was refused. */
export const deniedSignIn = (userId: string | null): AuditDraft => ({
  action: 'session.create',
  resource: { type: 'user', id: userId ?? 'unknown' },
});

/**
 * Opens a session, and reads its account in the same transaction: what needs another connection after the commit may be refused one, and the
 * answer lost. Null where the session was not opened.
 */
export const openPrepared = async (
  { sessions }: Pick<Stores, 'sessions'>,
  session: NewSession,
  at: Date,
): Promise<TokenSubject | null> =>
  (await sessions.open(session, at)) ? sessions.findByToken(session.id, session.refreshTokenHash, at) : null;

/** The tokens of a session that was just opened. */
export const issueTokens = async (
  { signAccessToken }: Pick<OpenSessionParts, 'signAccessToken'>,
  { id, refreshToken }: PreparedSession,
  account: TokenSubject,
): Promise<Tokens> => ({
  accessToken: await signAccessToken(account, id),
  refreshToken,
  tokenType: 'Bearer',
  expiresIn: accessTokenLifetimeSeconds,
});
