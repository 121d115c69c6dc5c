import { globalRoles, globalRolesMax, type Change, type RoleImpact } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  contended,
  missingPermission,
  notFound,
  requirePermission,
  requireVersion,
  type AuditDraft,
  type RequestContext,
  type SignedInCaller,
  type VersionCondition,
} from '@guildhall/resources';
import { effectOfUpdate, findRoleImpact, type ImpactQuery } from './role-impact.ts';
import { assignPermission, readPermission, type OwnRoleFacts, type RoleRow } from './role-store.ts';
import { tooMuchForCaller } from './roles.ts';
import { sessionEnded } from './sessions.ts';
import type { Database } from './stores.ts';

type Context = RequestContext<SignedInCaller>;

export interface NewRole {
  readonly name: string;
  readonly permissions: readonly string[];
}

const systemRoles: ReadonlySet<string> = new Set(globalRoles);

/** True for a role that every installation has: nobody changes it, so that the last owner keeps what owners may do. */
export const isSystemRole = (name: string): boolean => systemRoles.has(name);

const draftOf = (verb: 'create' | 'update' | 'delete', name: string, changes: readonly Change[]): AuditDraft => ({
  action: `role.${verb}`,
  resource: { type: 'role', id: name, name },
  changes,
});

const isSubset = (permissions: readonly string[], of: readonly string[]): boolean => new Set(permissions).isSubsetOf(new Set(of));
const isSame = (one: readonly string[], other: readonly string[]): boolean => isSubset(one, other) && isSubset(other, one);

/** The error for a caller who may not make a role of these permissions; null for one who may. */
const refusalOf = ({ isCallerLive, callerPermissions }: OwnRoleFacts, permissions: readonly string[]): AppError | null => {
  if (!isCallerLive) return sessionEnded();
  if (!callerPermissions.includes(assignPermission)) return missingPermission(assignPermission);
  return isSubset(permissions, callerPermissions) ? null : tooMuchForCaller();
};

/** Throws what a rule refuses with, after the denial was recorded. */
const refuse = async (context: Context, draft: AuditDraft, refusal: AppError | null): Promise<void> => {
  if (refusal === null) return;
  if (refusal.code === 'FORBIDDEN') await context.recordDenial(draft);
  throw refusal;
};

/**
 * Creates a global role. Throws FORBIDDEN for permissions that the caller does not hold, CONFLICT for a name that is taken by other permissions, and
 * beyond `globalRolesMax` roles. The same role again is the one that there is: a repeated request does no harm.
 */
export const createRole = async (database: Database, context: Context, role: NewRole): Promise<RoleRow> => {
  const at = new Date(context.at);
  const fresh = { name: role.name, permissions: role.permissions.toSorted(), caller: context.caller };
  const draft = draftOf('create', fresh.name, [{ path: '/permissions', after: fresh.permissions }]);
  const event = context.audit('success', draft);
  const created = await database.inTransaction(async ({ roles, outbox }) => {
    const stored = await roles.create(fresh, globalRolesMax, at);
    if (stored !== null) await outbox.append([event]);
    return stored;
  });
  if (created !== null) return created;
  const facts = await database.stores.roles.ownFacts(fresh, at);
  await refuse(context, draft, refusalOf(facts, fresh.permissions));
  const { role: known, total } = facts;
  if (known === null && total < globalRolesMax) throw contended();
  if (known === null)
    throw new AppError('CONFLICT', `There are ${globalRolesMax} roles, the most that there may be. Delete one first.`);
  if (!isSystemRole(known.name) && isSame(known.permissions, fresh.permissions)) return known;
  throw new AppError('CONFLICT', 'There is a role of this name already.');
};

/** One global role. Throws FORBIDDEN without `role:read`, NOT_FOUND. */
export const findRole = async ({ stores }: Database, { caller }: Context, name: string): Promise<RoleRow> => {
  requirePermission(caller.permissions, readPermission);
  const role = await stores.roles.find(name);
  if (role === null) throw notFound('role');
  return role;
};

export interface RoleTarget {
  readonly name: string;
  readonly ifMatch: VersionCondition;
}

/** The role that the caller is about to change. Throws as `updateRole` and `deleteRole` say. */
const readChangeable = async (
  database: Database,
  context: Context,
  draft: AuditDraft,
  { name, ifMatch }: RoleTarget,
  permissions: readonly string[] = [],
): Promise<RoleRow & { readonly isHeld: boolean }> => {
  const facts = await database.stores.roles.ownFacts({ name, caller: context.caller }, new Date(context.at));
  await refuse(context, draft, refusalOf(facts, []));
  if (facts.role === null) throw notFound('role');
  if (isSystemRole(name)) throw new AppError('CONFLICT', 'Every installation has this role: it is neither changed nor deleted.');
  await refuse(context, draft, refusalOf(facts, [...facts.role.permissions, ...permissions]));
  requireVersion(facts.role.version, ifMatch);
  return { ...facts.role, isHeld: facts.isHeld };
};

/**
 * Changes the permissions of an own role, and ends the access tokens of its holders. Throws NOT_FOUND, CONFLICT for a system role, FORBIDDEN unless the caller
 * holds every permission before and after, VERSION_MISMATCH.
 */
export const updateRole = async (
  database: Database,
  context: Context,
  target: RoleTarget & Pick<NewRole, 'permissions'>,
): Promise<RoleRow> => {
  const at = new Date(context.at);
  const after = target.permissions.toSorted();
  const draft = (before: readonly string[]) => draftOf('update', target.name, [{ path: '/permissions', before, after }]);
  const role = await readChangeable(database, context, draft([]), target, after);
  if (isSame(role.permissions, after)) return role;
  const change = { name: target.name, permissions: after, version: role.version, caller: context.caller };
  const event = context.audit('success', draft(role.permissions));
  const updated = await database.inTransaction(async ({ roles, outbox }) => {
    await roles.lock(target.name);
    const stored = await roles.update(change, at);
    if (stored !== null) await outbox.append([event]);
    return stored;
  });
  if (updated !== null) return updated;
  await readChangeable(database, context, draft([]), { name: target.name, ifMatch: [role.version] }, after);
  throw contended();
};

/** Says what `updateRole` would do to who holds the role, and throws as it does. */
export const tryRoleUpdate = async (
  database: Database,
  context: Context,
  target: RoleTarget & Pick<NewRole, 'permissions'>,
  query: ImpactQuery,
): Promise<RoleImpact> => {
  const after = target.permissions.toSorted();
  const draft = draftOf('update', target.name, [{ path: '/permissions', before: [], after }]);
  const { permissions } = await readChangeable(database, context, draft, target, after);
  return findRoleImpact(database, context, effectOfUpdate(target.name, permissions, after), query);
};

/** Deletes an own role. Throws as `updateRole` does, CONFLICT also while a user holds it. */
export const deleteRole = async (database: Database, context: Context, target: RoleTarget): Promise<void> => {
  const at = new Date(context.at);
  const draft = (before: readonly string[]) => draftOf('delete', target.name, [{ path: '/permissions', before }]);
  const read = async (from: RoleTarget): Promise<RoleRow> => {
    const role = await readChangeable(database, context, draft([]), from);
    if (role.isHeld) throw new AppError('CONFLICT', 'Users hold this role. Take it from them first.');
    return role;
  };
  const { permissions, version } = await read(target);
  const event = context.audit('success', draft(permissions));
  const isDeleted = await database.inTransaction(async ({ roles, outbox }) => {
    await roles.lock(target.name);
    const isFirst = await roles.delete({ name: target.name, version, caller: context.caller }, at);
    if (isFirst) await outbox.append([event]);
    return isFirst;
  });
  if (isDeleted) return;
  await read({ name: target.name, ifMatch: [version] });
  throw contended();
};
