import { AppError } from '@guildhall/errors';
import type { Chance, Now } from './chance.ts';
import { sessionEnded } from './sessions.ts';
import { audited, userChanged } from './messages.ts';
import { callerActor, type Caller } from './origin.ts';
import type { Database } from './stores.ts';
import type { Account } from './users.ts';

export interface MeParts {
  readonly database: Database;
  readonly chance: Chance;
  readonly now: Now;
}

/** The caller's account. Throws UNAUTHENTICATED when the session has ended. */
export const createGetMe =
  ({ database, now }: Pick<MeParts, 'database' | 'now'>) =>
  async (caller: Caller): Promise<Account> => {
    const account = await database.stores.users.findBySession(caller.userId, caller.sessionId, now());
    if (account === null) throw sessionEnded();
    return account;
  };

/** Changes the caller's display name. Throws VERSION_MISMATCH, or UNAUTHENTICATED when the session has ended. */
export const createRenameMe = (parts: MeParts) =>
  async function renameMe(caller: Caller, given: string, version: number): Promise<Account> {
    const { database, chance, now } = parts;
    const at = now();
    const [auditId, changeId] = [chance.newId(), chance.newId()];
    const change = { userId: caller.userId, sessionId: caller.sessionId, displayName: given.trim(), version };
    const account = await database.inTransaction(async ({ users, outbox }) => {
      const renamed = await users.rename(change, at);
      if (renamed === null) return null;
      const deed = {
        actor: callerActor(caller),
        action: 'user.update',
        resource: { type: 'user', id: caller.userId, name: renamed.account.displayName },
        changes: [{ path: '/displayName', before: renamed.displayNameBefore, after: renamed.account.displayName }],
        requestId: caller.requestId,
      };
      await outbox.append([audited({ id: auditId, at }, deed), userChanged({ id: changeId, at }, renamed.account)]);
      return renamed.account;
    });
    if (account !== null) return account;
    await createGetMe(parts)(caller);
    throw new AppError('VERSION_MISMATCH', 'Your account was changed meanwhile. Read it again and repeat your change.');
  };
