import type { GlobalPermission, User } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  missingPermission,
  notFound,
  omitUndefined,
  requirePermission,
  requireVersion,
  retryCompareAndSwap,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
  type VersionCondition,
} from '@guildhall/resources';
import { userChanged, userErased } from './messages.ts';
import type { DeviceSession } from './session-store.ts';
import { sessionEnded, sessionRevocation } from './sessions.ts';
import type { Database } from './stores.ts';
import type { AccountFacts, UserFilter } from './user-directory.ts';

type Context = RequestContext<SignedInCaller>;

const readPermission = 'user:read' satisfies GlobalPermission;
/** Lets a caller change accounts that may do no more than they may. */
export const updatePermission = 'user:update' satisfies GlobalPermission;

/** Lists accounts. Throws FORBIDDEN without `user:read`. */
export const listUsers = async ({ stores }: Database, { caller }: Context, filter: UserFilter): Promise<readonly User[]> => {
  requirePermission(caller.permissions, readPermission);
  return stores.directory.list(filter);
};

/** Reads an account. Throws FORBIDDEN without `user:read`, NOT_FOUND. */
export const findUser = async ({ stores }: Database, { caller }: Context, userId: string): Promise<User> => {
  requirePermission(caller.permissions, readPermission);
  const user = await stores.directory.find(userId);
  if (user === null) throw notFound('user');
  return user;
};

/** The live sessions of a user, newest first. Throws FORBIDDEN without `user:read`, NOT_FOUND. */
export const listUserSessions = async (
  database: Database,
  context: Context,
  { userId, page }: { readonly userId: string; readonly page: PageRequest },
): Promise<readonly DeviceSession[]> => {
  await findUser(database, context, userId);
  return database.stores.directory.listSessions(userId, page, new Date(context.at));
};

/** The error for a caller who may not change the account; null for one who may. */
const refusalOfChange = ({ isCallerLive, callerPermissions, account, accountPermissions }: AccountFacts): AppError | null => {
  const own = new Set(callerPermissions);
  if (!isCallerLive) return sessionEnded();
  if (!own.has(updatePermission)) return missingPermission(updatePermission);
  if (account === null) return notFound('user');
  if (accountPermissions.every((permission) => own.has(permission))) return null;
  return new AppError('FORBIDDEN', 'This user may do more than you may yourself.');
};

/** Returns the account, if the caller may change it. Throws as `refusalOfChange` says; what is forbidden is audited. */
export const requireChangeable = async (context: Context, facts: AccountFacts, draft: AuditDraft): Promise<User> => {
  const refusal = refusalOfChange(facts);
  if (refusal?.code === 'FORBIDDEN') await context.recordDenial(draft);
  if (refusal !== null || facts.account === null) throw refusal ?? notFound('user');
  return facts.account;
};

const requireSuspendable = ({ caller }: Context, { account, isLastOwner }: AccountFacts): void => {
  if (account?.id === caller.userId) throw new AppError('CONFLICT', 'You cannot suspend your own account.');
  if (isLastOwner)
    throw new AppError('CONFLICT', 'The last active owner cannot be suspended. Give the role to someone else first.');
};

export interface StatusChange {
  readonly userId: string;
  readonly status: User['status'];
  readonly ifMatch: VersionCondition;
}

/**
 * Suspends an account and ends its sessions, or lets it sign in again. Throws as `refusalOfChange` says, VERSION_MISMATCH, and CONFLICT for
 * the own account and the last active owner.
 */
export const changeStatus = (database: Database, context: Context, { userId, status, ifMatch }: StatusChange): Promise<User> =>
  retryCompareAndSwap(async () => {
    const at = new Date(context.at);
    const change = { userId, caller: context.caller };
    const facts = await database.stores.directory.facts(change, at);
    const draft: AuditDraft = {
      action: 'user.update',
      resource: { type: 'user', id: userId, ...omitUndefined({ name: facts.account?.displayName }) },
      changes: [{ path: '/status', before: facts.account?.status, after: status }],
    };
    const account = await requireChangeable(context, facts, draft);
    requireVersion(account.version, ifMatch);
    if (account.status === status) return account;
    if (status === 'suspended') requireSuspendable(context, facts);
    return database.inTransaction(async ({ directory, sessions, outbox }) => {
      const changed = await directory.setStatus({ ...change, status, version: account.version }, at);
      if (changed === null) return undefined;
      const ended = status === 'suspended' ? await sessions.revokeAll(userId, at) : [];
      const revocations = ended.map((id) => context.audit('success', sessionRevocation(id, 'suspended')));
      await outbox.append([context.audit('success', draft), ...revocations, userChanged(context, changed)]);
      return changed;
    });
  });

/**
 * Erases an account, in one transaction, as its user could: every session ends and forgets its address and device, and the other services are told. The id stays, and the audit
 * trail. Throws as `refusalOfChange` says, and CONFLICT for the own account and the last active owner.
 */
export const eraseUser = async (database: Database, context: Context, userId: string): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const at = new Date(context.at);
    const change = { userId, caller: context.caller };
    const facts = await database.stores.directory.facts(change, at);
    const draft: AuditDraft = { action: 'user.erase', resource: { type: 'user', id: userId } };
    await requireChangeable(context, facts, draft);
    if (userId === context.caller.userId) throw new AppError('CONFLICT', 'You erase your own account with your password.');
    if (facts.isLastOwner)
      throw new AppError('CONFLICT', 'The last active owner cannot be erased. Give the role to someone else first.');
    return database.inTransaction(async ({ directory, sessions, outbox }) => {
      const erased = await directory.erase(change, at);
      if (erased === null) return undefined;
      const ended = await sessions.eraseAll(userId, at);
      const revoked = ended.map((id) => context.audit('success', sessionRevocation(id, 'account-erased')));
      await outbox.append([context.audit('success', draft), ...revoked, userErased(context, { id: userId, ...erased })]);
      return true;
    });
  });
};

/** Signs a user out on every device. Idempotent. Throws as `refusalOfChange` says. */
export const endUserSessions = async (database: Database, context: Context, userId: string): Promise<void> => {
  const at = new Date(context.at);
  const change = { userId, caller: context.caller };
  const facts = await database.stores.directory.facts(change, at);
  await requireChangeable(context, facts, { action: 'session.revoke', resource: { type: 'user', id: userId } });
  await database.inTransaction(async ({ directory, outbox }) => {
    const ended = await directory.endSessions(change, at);
    if (ended.length > 0)
      await outbox.append(ended.map((id) => context.audit('success', sessionRevocation(id, 'administrator'))));
  });
};
