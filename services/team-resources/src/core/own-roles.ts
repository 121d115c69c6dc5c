import { heldRoleOf, includesRole, ownRolesMax, type AuditEventMessage, type OwnRole } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
  omitUndefined,
  requireAllowed,
  requireFound,
  requireRole,
  restoreResource,
  updateResource,
  type AuditDraft,
  type RememberedAnswer,
  type RequestContext,
  type ResourceRules,
  type VersionCondition,
} from '@guildhall/resources';
import type { CreateTarget, NamedFilter, WithAccess } from './community-resource.ts';
import { communityWriteOf, type CommunityWrite } from './community-write.ts';
import { revokedInvites } from './invites.ts';

export interface OwnRolePath {
  readonly communityId: string;
  readonly ownRoleId: string;
}

export interface OwnRoleWithAccess extends WithAccess<OwnRole> {
  /** A member holds it, or an open invite gives it. */
  readonly isInUse: boolean;
}

export interface OwnRoleTarget extends CreateTarget {
  readonly ownRoleCount: number;
  readonly isNameTaken: boolean;
}

/** A change of an own role: its holders change with it. */
export interface OwnRoleWrite extends CommunityWrite {
  /** The event of an invite that a holder made and that falls with their right. */
  readonly revokedEvent: (inviteId: string) => AuditEventMessage;
}

/**
 * The own roles of communities. Reads are one statement; they return undefined for what the user may not see. Writes store the
 * row, the event and the key, or nothing; they return false, having changed nothing, when the user does not hold the permission
 * (any more), the key was used, the name is taken, or a concurrent change won. Of one community they run one after the other.
 */
export interface OwnRoleStore {
  list(userId: string, communityId: string, filter: NamedFilter): Promise<readonly OwnRole[] | undefined>;
  /** Finds a soft-deleted own role, too. */
  find(userId: string, path: OwnRolePath): Promise<OwnRoleWithAccess | undefined>;
  findCreateTarget(
    userId: string,
    communityId: string,
    name: string,
    key: string | undefined,
  ): Promise<OwnRoleTarget | undefined>;
  /** True if an own role of the community other than this one has the name, in any case. */
  isNameTaken(own: Pick<OwnRole, 'id' | 'communityId' | 'name'>): Promise<boolean>;
  insert(ownRole: OwnRole, write: CommunityWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, and what its holders may do. One that is in use is not deleted. */
  save(next: OwnRole, isDeleted: boolean, write: OwnRoleWrite): Promise<boolean>;
}

type Permissions = OwnRole['permissions'];

/** The permissions in order; reading the community is among them. */
const inOrder = (permissions: Permissions): Permissions =>
  [...new Set<Permissions[number]>(['community:read', ...permissions])].toSorted();

const draftOf = auditDraftsOf<OwnRole>('own-role', ({ name }) => name);

/** Throws FORBIDDEN, and records the denial, unless the caller's role includes every permission of the own role. */
const requireIncluded = (
  context: RequestContext,
  { role }: Pick<WithAccess<OwnRole>, 'role'>,
  permissions: Permissions,
  draft: AuditDraft,
): Promise<void> =>
  requireAllowed(
    context,
    includesRole(role, heldRoleOf(permissions)),
    draft,
    'Nobody makes or changes a role with a permission that they do not hold themselves.',
  );

const nameTaken = (): AppError => new AppError('CONFLICT', 'Another role of this community has this name.');

const permissionOf = (verb: string) => (verb === 'update' ? 'own-role:update' : 'own-role:delete');

/** An own role is changed by whose role includes the permission for it, and every permission of the own role before and after. */
const rulesOf = (
  store: OwnRoleStore,
  context: RequestContext,
  edit: OwnRoleEdit = {},
): ResourceRules<OwnRole, OwnRoleWithAccess, OwnRolePath> => {
  return {
    context,
    noun: 'own role',
    find: (path) => store.find(context.caller.userId, path),
    draftOf,
    allow: async (verb, found, draft) => {
      await requireRole(context, found.role, permissionOf(verb), draft);
      await requireIncluded(context, found, found.item.permissions, draft);
      if (edit.permissions !== undefined) await requireIncluded(context, found, edit.permissions, draft);
    },
    save: async ({ verb, next, draft }) => {
      if (verb !== 'delete' && (await store.isNameTaken(next))) throw nameTaken();
      const revokedEvent = revokedInvites(context, next.communityId, draft);
      const write = { ...communityWriteOf(context, permissionOf(verb), draft), revokedEvent };
      return (await store.save(next, verb === 'delete', write)) ? next : undefined;
    },
  };
};

/** Throws NOT_FOUND, also for a soft-deleted own role. */
export const findOwnRole = (store: OwnRoleStore, context: RequestContext, path: OwnRolePath): Promise<OwnRoleWithAccess> =>
  findResource(rulesOf(store, context), path);

export interface OwnRoleCreation {
  readonly communityId: string;
  readonly body: { readonly name: string; readonly description?: string; readonly permissions: Permissions };
}

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, CONFLICT, IDEMPOTENCY_KEY_REUSED. */
export const createOwnRole = (
  store: OwnRoleStore,
  context: RequestContext,
  { communityId, body }: OwnRoleCreation,
): Promise<OwnRole> => {
  const { caller, idempotencyKey } = context;
  const { name, description = '' } = body;
  const fields = { name, description, permissions: inOrder(body.permissions) };
  const created: OwnRole = {
    id: context.newId(),
    communityId,
    ...fields,
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
  const draft = draftOf('create', created, changesOf(null, fields, context.sha256));
  return createOnce<OwnRole, OwnRoleTarget>(context, {
    fingerprint: ['own-role.create', communityId, body],
    findTarget: () => requireFound('community', store.findCreateTarget(caller.userId, communityId, name, idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'own-role:create', draft);
      await requireIncluded(context, target, fields.permissions, draft);
      if (target.earlier !== null) return;
      if (target.isNameTaken) throw nameTaken();
      if (target.ownRoleCount >= ownRolesMax) {
        throw new AppError('CONFLICT', `A community has at most ${ownRolesMax} roles of its own. Delete one first.`);
      }
    },
    make: () => created,
    insert: (made, remembered) => store.insert(made, communityWriteOf(context, 'own-role:create', draft), remembered),
  });
};

export type OwnRoleEdit = Partial<Pick<OwnRole, 'name' | 'description' | 'permissions'>>;

export interface OwnRoleChange extends OwnRolePath {
  readonly ifMatch: VersionCondition;
  readonly edit: OwnRoleEdit;
}

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT for a taken name. */
export const updateOwnRole = (store: OwnRoleStore, context: RequestContext, change: OwnRoleChange): Promise<OwnRole> => {
  const { permissions, ...fields } = change.edit;
  const edit = { ...fields, ...omitUndefined({ permissions: permissions === undefined ? undefined : inOrder(permissions) }) };
  return updateResource(rulesOf(store, context, edit), { ...change, edit });
};

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT for one that is in use. */
export const deleteOwnRole = (store: OwnRoleStore, context: RequestContext, path: Omit<OwnRoleChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path, ({ isInUse }) => {
    if (isInUse) throw new AppError('CONFLICT', 'Members hold this role, or open invites give it. Give them another one first.');
  });

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN, CONFLICT for a name that is taken by now. */
export const restoreOwnRole = (store: OwnRoleStore, context: RequestContext, path: OwnRolePath): Promise<OwnRole> =>
  restoreResource(rulesOf(store, context), path);
