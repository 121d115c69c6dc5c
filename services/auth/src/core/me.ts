import {
  notFound,
  versionMismatch,
  type RequestContext,
  type SignedInCaller,
  requireVersion,
  type VersionCondition,
} from '@guildhall/resources';
import { userChanged } from './messages.ts';
import { sessionEnded } from './sessions.ts';
import type { OutsideUserParts } from './outside-users.ts';
import type { Database } from './stores.ts';
import type { OwnAccount, UserStore } from './user-store.ts';

/** The caller's account. Throws SESSION_ENDED when the session has ended. */
export const findMe = async ({ stores }: Database, { caller, at }: RequestContext<SignedInCaller>): Promise<OwnAccount> => {
  const account = await stores.users.findOwn(caller.userId, caller.sessionId, new Date(at));
  if (account === null) throw sessionEnded();
  return account;
};

/**
 * Reads the permissions of a user at this moment, by the id of their session, of one of their tokens, or of a connection that a token of its provider came with; null
 * once that has ended or the account is suspended.
 */
export const createFindPermissions =
  ({ database: { stores }, requiredRoles }: OutsideUserParts) =>
  async ({ userId, sessionId }: { readonly userId: string; readonly sessionId: string }, now: Date): Promise<string[] | null> => {
    const { users, personalTokens, connections } = stores;
    const account = await users.findBySession(userId, sessionId, now);
    const permissions =
      account?.permissions ??
      (await personalTokens.findPermissions(userId, sessionId, requiredRoles, now)) ??
      (await connections.findPermissions(userId, sessionId));
    return permissions === null ? null : [...permissions];
  };

/** Reads the address of an account. Throws NOT_FOUND. */
export const findEmail = async (users: UserStore, userId: string): Promise<string> => {
  const email = await users.findEmail(userId);
  if (email === null) throw notFound('user');
  return email;
};

/** Changes the caller's display name. Throws VERSION_MISMATCH, or SESSION_ENDED when the session has ended. */
export const renameMe = async (
  database: Database,
  context: RequestContext<SignedInCaller>,
  { displayName, ifMatch }: { readonly displayName: string; readonly ifMatch: VersionCondition },
): Promise<OwnAccount> => {
  const { userId, sessionId } = context.caller;
  const { version } = await findMe(database, context);
  requireVersion(version, ifMatch);
  const change = { userId, sessionId, displayName: displayName.trim(), version };
  const account = await database.inTransaction(async ({ users, outbox }) => {
    const renamed = await users.rename(change, new Date(context.at));
    if (renamed === null) return null;
    const event = context.audit('success', {
      action: 'user.update',
      resource: { type: 'user', id: userId, name: renamed.account.displayName },
      changes: [{ path: '/displayName', before: renamed.displayNameBefore, after: renamed.account.displayName }],
    });
    await outbox.append([event, userChanged(context, renamed.account)]);
    return renamed.account;
  });
  if (account !== null) return account;
  throw versionMismatch((await findMe(database, context)).version);
};
