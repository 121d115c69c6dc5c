import { AppError } from '@guildhall/errors';
import type { Chance, Now } from './chance.ts';
import { audited, type RecordRefusal } from './messages.ts';
import { callerActor, type Caller } from './origin.ts';
import { lastHolderRole, readPermission, refusalOf, type RoleChange, type RoleFacts, type RoleRow } from './roles.ts';
import type { Database, Stores } from './stores.ts';

export interface RoleParts {
  readonly database: Database;
  readonly chance: Chance;
  readonly now: Now;
  readonly recordRefusal: RecordRefusal;
}

type Direction = 'assign' | 'remove';

const contended = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'This changed while you asked for it. Try again.', { retryAfterSeconds: 1 });

/** Nothing was written: says why. Giving what is held already is no error; taking what is not held is. */
const explain = (direction: Direction, role: string, facts: RoleFacts): AppError | null => {
  const refusal = refusalOf(facts);
  if (refusal !== null) return refusal;
  if (direction === 'assign') return facts.isHeld ? null : contended();
  if (!facts.isHeld) return new AppError('NOT_FOUND', 'This user does not hold that role.');
  return role === lastHolderRole && facts.holders <= 1
    ? new AppError('CONFLICT', 'The last owner keeps the role. Give it to someone else first.')
    : contended();
};

const createChangeRole =
  (direction: Direction, write: (stores: Stores, change: RoleChange, at: Date) => Promise<boolean>) =>
  ({ database, chance, now, recordRefusal }: RoleParts) =>
  async (caller: Caller, userId: string, role: string): Promise<void> => {
    const at = now();
    const change = { userId, role, caller: { userId: caller.userId, sessionId: caller.sessionId } };
    const isAssign = direction === 'assign';
    const deed = {
      actor: callerActor(caller),
      action: `role.${direction}`,
      resource: { type: 'user', id: userId },
      changes: [{ path: `/roles/${role}`, before: !isAssign, after: isAssign }],
      requestId: caller.requestId,
    };
    const [doneId, deniedId] = [chance.newId(), chance.newId()];
    const isDone = await database.inTransaction(async (stores) => {
      const hasChanged = await write(stores, change, at);
      if (hasChanged) await stores.outbox.append([audited({ id: doneId, at }, deed)]);
      return hasChanged;
    });
    if (isDone) return;
    const refusal = explain(direction, role, await database.stores.roles.facts(change, at));
    if (refusal === null) return;
    if (refusal.code === 'FORBIDDEN') {
      await recordRefusal(audited({ id: deniedId, at }, { ...deed, result: 'denied' }));
    }
    throw refusal;
  };

/** Gives a user a global role; nothing happens when they hold it. Throws as `refusalOf` says. */
export const createAssignRole = createChangeRole('assign', ({ roles }, change, at) => roles.assign(change, at));

/** Takes a global role from a user. Throws as `refusalOf` says, CONFLICT for the last owner. */
export const createRemoveRole = createChangeRole('remove', ({ roles }, change, at) => roles.remove(change, at));

/** The global roles, by name. Throws FORBIDDEN without `role:read`. */
export const createListRoles =
  ({ database }: Pick<RoleParts, 'database'>) =>
  async (
    permissions: readonly string[],
    page: { readonly limit: number; readonly afterName: string | null },
  ): Promise<{ items: readonly RoleRow[]; hasMore: boolean }> => {
    if (!permissions.includes(readPermission)) throw new AppError('FORBIDDEN', `This needs the permission ${readPermission}.`);
    const found = await database.stores.roles.list(page);
    return { items: found.slice(0, page.limit), hasMore: found.length > page.limit };
  };
