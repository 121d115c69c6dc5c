import { AppError } from '@guildhall/errors';
import { secondsAfter, type Chance, type Now } from './chance.ts';
import { revokedOverlapSeconds } from './limits.ts';
import { audited, type Deed } from './messages.ts';
import { callerActor, type Caller } from './origin.ts';
import { sessionEnded, type DeviceSession, type PageRequest } from './sessions.ts';
import type { Database } from './stores.ts';

export interface SessionParts {
  readonly database: Database;
  readonly chance: Chance;
  readonly now: Now;
}

export interface RevocationParts extends Pick<SessionParts, 'database' | 'now'> {
  /** The `kid`s of every key that a token may be signed with; the first key is made where there is none. */
  readonly keyIds: () => Promise<readonly string[]>;
}

/** What makes access tokens bad before they expire. */
export interface Revocations {
  readonly sessionIds: readonly string[];
  /** The keys that tokens may be signed with. */
  readonly keyIds: readonly string[];
  /** When this was looked up. */
  readonly now: string;
}

const revoked = (caller: Caller, sessionId: string, reason: string): Deed => ({
  actor: callerActor(caller),
  action: 'session.revoke',
  resource: { type: 'session', id: sessionId },
  changes: [{ path: '/reason', after: reason }],
  requestId: caller.requestId,
});

/** Ends the caller's own session. Throws UNAUTHENTICATED when it has ended already. */
export const createLogOut =
  ({ database, chance, now }: SessionParts) =>
  async (caller: Caller): Promise<void> => {
    const at = now();
    const message = audited({ id: chance.newId(), at }, revoked(caller, caller.sessionId, 'log-out'));
    const isRevoked = await database.inTransaction(async ({ sessions, outbox }) => {
      const isFirst = await sessions.revoke(caller.sessionId, caller.userId, at);
      if (isFirst) await outbox.append([message]);
      return isFirst;
    });
    if (!isRevoked) throw sessionEnded();
  };

/** The caller's live sessions, newest first, and whether there are more. */
export const createListSessions =
  ({ database, now }: SessionParts) =>
  async (caller: Caller, page: PageRequest): Promise<{ items: readonly DeviceSession[]; hasMore: boolean }> => {
    const found = await database.stores.sessions.list(caller, page, now());
    if (found === null) throw sessionEnded();
    return { items: found.slice(0, page.limit), hasMore: found.length > page.limit };
  };

/** Ends one of the caller's sessions. Throws NOT_FOUND when it is not theirs or has ended. */
export const createRevokeSession =
  ({ database, chance, now }: SessionParts) =>
  async (caller: Caller, sessionId: string): Promise<void> => {
    const at = now();
    const message = audited({ id: chance.newId(), at }, revoked(caller, sessionId, 'revoked'));
    const isRevoked = await database.inTransaction(async ({ sessions, outbox }) => {
      const isFirst = await sessions.revokeAsCaller(sessionId, caller, at);
      if (isFirst) await outbox.append([message]);
      return isFirst;
    });
    if (isRevoked) return;
    if (!(await database.stores.sessions.isLive(caller, at))) throw sessionEnded();
    throw new AppError('NOT_FOUND', 'You have no such session.');
  };

/** Ends every session of the caller but this one. */
export const createRevokeOtherSessions =
  ({ database, chance, now }: SessionParts) =>
  async (caller: Caller): Promise<void> => {
    const at = now();
    const ended = await database.inTransaction(async ({ sessions, outbox }) => {
      const ids = await sessions.revokeOthers(caller, at);
      if (ids !== null && ids.length > 0) {
        await outbox.append(ids.map((id) => audited({ id: chance.newId(), at }, revoked(caller, id, 'others'))));
      }
      return ids;
    });
    if (ended === null) throw sessionEnded();
  };

/** More than anyone revokes within the minutes that are asked for. */
const revokedIdsMax = 50_000;

/**
 * The sessions that ended since a time that an earlier answer named as `now`. Reaches a little further back: what was
 * revoked within a transaction that was still open then, or by a replica whose clock is behind, is not missed.
 */
export const createListRevoked =
  ({ database, keyIds, now }: RevocationParts) =>
  async (since: Date): Promise<Revocations> => {
    const at = now();
    const sessionIds = await database.stores.sessions.revokedSince(secondsAfter(since, -revokedOverlapSeconds), revokedIdsMax);
    return { sessionIds, keyIds: await keyIds(), now: at.toISOString() };
  };
