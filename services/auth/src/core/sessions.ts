import { AppError } from '@guildhall/errors';
import type { AuditDraft, PageRequest, RequestContext, SignedInCaller } from '@guildhall/resources';
import { revokedOverlapSeconds } from './limits.ts';
import { secondsAfter, type Now } from './random.ts';
import type { DeviceSession } from './session-store.ts';
import type { Database } from './stores.ts';
import type { AccessChange } from './user-store.ts';

export const sessionEnded = (): AppError => new AppError('SESSION_ENDED', 'This session has ended. Sign in again.');

type Context = RequestContext<SignedInCaller>;

/** The audit event of a session that ended before its time. */
export const sessionRevocation = (
  sessionId: string,
  reason:
    | 'log-out'
    | 'revoked'
    | 'others'
    | 'owner-recovered'
    | 'account-erased'
    | 'password-changed'
    | 'password-reset'
    | 'suspended'
    | 'deactivated'
    | 'email-changed'
    | 'second-factor-added'
    | 'second-factor-removed'
    | 'second-factor-required'
    | 'connection-removed'
    | 'passkey-removed'
    | 'mailed-link'
    | 'administrator',
): AuditDraft => ({
  action: 'session.revoke',
  resource: { type: 'session', id: sessionId },
  changes: [{ path: '/reason', after: reason }],
});

/** Ends the caller's own session. Throws UNAUTHENTICATED when it has ended already. */
export const logOut = async (database: Database, context: Context): Promise<void> => {
  const { userId, sessionId } = context.caller;
  const event = context.audit('success', sessionRevocation(sessionId, 'log-out'));
  const isRevoked = await database.inTransaction(async ({ sessions, outbox }) => {
    const isFirst = await sessions.revoke(sessionId, userId, new Date(context.at));
    if (isFirst) await outbox.append([event]);
    return isFirst;
  });
  if (!isRevoked) throw sessionEnded();
};

/** The caller's live sessions, newest first. Throws UNAUTHENTICATED. */
export const listSessions = async (
  { stores }: Database,
  { caller, at }: Context,
  page: PageRequest,
): Promise<readonly DeviceSession[]> => {
  const found = await stores.sessions.list(caller, page, new Date(at));
  if (found === null) throw sessionEnded();
  return found;
};

/** Ends one of the caller's sessions. Throws NOT_FOUND when it is not theirs or has ended, UNAUTHENTICATED. */
export const revokeSession = async (database: Database, context: Context, sessionId: string): Promise<void> => {
  const at = new Date(context.at);
  const event = context.audit('success', sessionRevocation(sessionId, 'revoked'));
  const isRevoked = await database.inTransaction(async ({ sessions, outbox }) => {
    const isFirst = await sessions.revokeAsCaller(sessionId, context.caller, at);
    if (isFirst) await outbox.append([event]);
    return isFirst;
  });
  if (isRevoked) return;
  if (!(await database.stores.sessions.isLive(context.caller, at))) throw sessionEnded();
  throw new AppError('NOT_FOUND', 'You have no such session.');
};

/** Ends every session of the caller except this one. Throws UNAUTHENTICATED. */
export const revokeOtherSessions = async (database: Database, context: Context): Promise<void> => {
  const ended = await database.inTransaction(async ({ sessions, outbox }) => {
    const ids = await sessions.revokeOthers(context.caller, new Date(context.at));
    if (ids !== null && ids.length > 0) {
      await outbox.append(ids.map((id) => context.audit('success', sessionRevocation(id, 'others'))));
    }
    return ids;
  });
  if (ended === null) throw sessionEnded();
};

export interface RevocationParts {
  readonly database: Database;
  readonly now: Now;
  /** The `kid`s of all keys that may sign tokens; the first key is created if there is none. */
  readonly keyIds: () => Promise<readonly string[]>;
}

/** The reasons to refuse access tokens before they expire. */
export interface Revocations {
  readonly sessionIds: readonly string[];
  /** The accounts whose rights or address changed. */
  readonly accounts: readonly AccessChange[];
  /** The keys that may sign tokens. */
  readonly keyIds: readonly string[];
  /** The time of this read, ISO 8601 in UTC. */
  readonly now: string;
}

/** More than anyone revokes within the minutes that are asked for. */
const revokedIdsMax = 50_000;

/**
 * The sessions and access tokens that ended since a time that an earlier answer named as `now`. Reaches back 30 seconds further, for revocations
 * in transactions that were still open then, and by replicas whose clock is behind.
 */
export const createListRevoked =
  ({ database, keyIds, now }: RevocationParts) =>
  async (since: Date): Promise<Revocations> => {
    const at = now();
    const from = secondsAfter(since, -revokedOverlapSeconds);
    const { sessions, users } = database.stores;
    const sessionIds = await sessions.revokedSince(from, revokedIdsMax);
    const accounts = await users.accessChangedSince(from, revokedIdsMax);
    return { sessionIds, accounts, keyIds: await keyIds(), now: at.toISOString() };
  };
