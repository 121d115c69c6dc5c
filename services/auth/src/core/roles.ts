import type { RoleImpact } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  contended,
  missingPermission,
  notFound,
  requirePermission,
  type AuditDraft,
  type PageRequest,
  type RequestContext,
  type SignedInCaller,
} from '@guildhall/resources';
import { findRoleImpact, type ImpactQuery } from './role-impact.ts';
import { assignPermission, lastHolderRole, readPermission, type RoleFacts, type RoleRow } from './role-store.ts';
import { sessionEnded } from './sessions.ts';
import type { Database } from './stores.ts';

export interface RoleAssignment {
  readonly userId: string;
  readonly role: string;
}

/** FORBIDDEN: nobody grants what they do not hold. */
export const tooMuchForCaller = (): AppError => new AppError('FORBIDDEN', 'This role permits more than you may do yourself.');

/** The error for a caller who may not assign or remove the role; null for one who may. */
export const refusalOf = (facts: RoleFacts): AppError | null => {
  const { isCallerLive, callerPermissions, isUserThere, rolePermissions } = facts;
  const own = new Set(callerPermissions);
  if (!isCallerLive) return sessionEnded();
  if (!own.has(assignPermission)) return missingPermission(assignPermission);
  if (!isUserThere) return notFound('user');
  if (rolePermissions === null) return notFound('role');
  if (!rolePermissions.every((permission) => own.has(permission))) {
    return tooMuchForCaller();
  }
  return null;
};

type Direction = 'assign' | 'remove';

/** The reason why nothing was written. Assigning a role twice is no error; removing one that the user does not have is. */
const explain = (direction: Direction, role: string, facts: RoleFacts): AppError | null => {
  const refusal = refusalOf(facts);
  if (refusal !== null) return refusal;
  if (direction === 'assign') return facts.isHeld ? null : contended();
  if (!facts.isHeld) return new AppError('NOT_FOUND', 'This user does not hold that role.');
  return role === lastHolderRole && facts.isLastOwner
    ? new AppError('CONFLICT', 'The last owner keeps the role. Give it to someone else first.')
    : contended();
};

const draftOf = (direction: Direction, { userId, role }: RoleAssignment): AuditDraft => ({
  action: `role.${direction}`,
  resource: { type: 'user', id: userId },
  changes: [{ path: `/roles/${role}`, before: direction !== 'assign', after: direction === 'assign' }],
});

const changeRole = async (
  database: Database,
  context: RequestContext<SignedInCaller>,
  direction: Direction,
  { userId, role }: RoleAssignment,
): Promise<void> => {
  const at = new Date(context.at);
  const change = { userId, role, caller: context.caller };
  const isAssign = direction === 'assign';
  const draft = draftOf(direction, { userId, role });
  const event = context.audit('success', draft);
  const isDone = await database.inTransaction(async ({ roles, outbox }) => {
    const hasChanged = await (isAssign ? roles.assign(change, at) : roles.remove(change, at));
    if (hasChanged) await outbox.append([event]);
    return hasChanged;
  });
  if (isDone) return;
  const refusal = explain(direction, role, await database.stores.roles.facts(change, at));
  if (refusal === null) return;
  if (refusal.code === 'FORBIDDEN') await context.recordDenial(draft);
  throw refusal;
};

/** Grants a user a global role. Idempotent. Throws as `refusalOf` says. */
export const assignRole = (
  database: Database,
  context: RequestContext<SignedInCaller>,
  assignment: RoleAssignment,
): Promise<void> => changeRole(database, context, 'assign', assignment);

/** Takes a global role from a user. Throws as `refusalOf` says, CONFLICT for the last owner. */
export const removeRole = (
  database: Database,
  context: RequestContext<SignedInCaller>,
  assignment: RoleAssignment,
): Promise<void> => changeRole(database, context, 'remove', assignment);

/** What would keep the change from being made, whatever happens meanwhile; null for one that would be made, or is made already. */
const obstacleTo = (direction: Direction, role: string, facts: RoleFacts): AppError | null => {
  const refusal = refusalOf(facts);
  if (refusal !== null || direction === 'assign') return refusal;
  return facts.isHeld && !(role === lastHolderRole && facts.isLastOwner) ? null : explain(direction, role, facts);
};

/** Says what giving a role to a user, or taking it, would do to their permissions, and throws as that does. */
export const tryRoleChange = async (
  database: Database,
  context: RequestContext<SignedInCaller>,
  direction: Direction,
  { userId, role, ...query }: RoleAssignment & ImpactQuery,
): Promise<RoleImpact> => {
  const facts = await database.stores.roles.facts({ userId, role, caller: context.caller }, new Date(context.at));
  const refusal = obstacleTo(direction, role, facts);
  if (refusal?.code === 'FORBIDDEN') await context.recordDenial(draftOf(direction, { userId, role }));
  if (refusal !== null) throw refusal;
  const permissions = facts.rolePermissions ?? [];
  const given = direction === 'assign' && !facts.isHeld ? permissions : [];
  const taken = direction === 'remove' ? permissions : [];
  return findRoleImpact(database, context, { role, userId, given, taken }, query);
};

/** The global roles, by name. Throws FORBIDDEN without `role:read`. */
export const listRoles = async (
  { stores }: Database,
  { caller }: RequestContext<SignedInCaller>,
  page: PageRequest<string>,
): Promise<readonly RoleRow[]> => {
  requirePermission(caller.permissions, readPermission);
  return stores.roles.list(page);
};
