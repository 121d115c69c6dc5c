import type { CommunityRole, Council } from '@guildhall/contracts';
import {
  changesOf,
  createOnce,
  nextVersion,
  notFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  type AuditDraft,
  type EarlierAnswer,
  type RememberedAnswer,
  type RequestContext,
  type SortedRequest,
  type VersionCondition,
} from '@guildhall/resources';
import { communityWriteOf, type CommunityWrite } from './community-write.ts';

export interface CouncilPath {
  readonly communityId: string;
  readonly councilId: string;
}

export interface CouncilWithAccess {
  readonly item: Council;
  readonly isDeleted: boolean;
  /** The caller's role in the community. */
  readonly role: CommunityRole;
}

export interface CouncilFilter {
  readonly page: SortedRequest;
  /** Part of the name, in any case. */
  readonly q?: string;
  readonly state?: 'deleted';
}

/** The community in which a council is to be created. */
export interface CouncilTarget {
  readonly role: CommunityRole;
  readonly earlier: EarlierAnswer | null;
}

/**
 * The councils of communities. Reads are one statement; they return undefined for what the user may not see. Writes are one
 * statement: the row, its event and its key, or nothing. They return false, having changed nothing, when the user does not hold
 * the permission (any more), the key was used or a concurrent change won.
 */
export interface CouncilStore {
  /** With `state: 'deleted'` the soft-deleted councils, for who may restore them. */
  list(userId: string, communityId: string, filter: CouncilFilter): Promise<readonly Council[] | undefined>;
  /** Finds a soft-deleted council, too. */
  find(userId: string, path: CouncilPath): Promise<CouncilWithAccess | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<CouncilTarget | undefined>;
  insert(council: Council, write: CommunityWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. */
  save(next: Council, isDeleted: boolean, write: CommunityWrite): Promise<boolean>;
}

const draftOf = (
  verb: 'create' | 'update' | 'delete' | 'restore',
  { id, name, communityId }: Pick<Council, 'id' | 'name' | 'communityId'>,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action: `council.${verb}`, resource: { type: 'council', id, name }, communityId, changes });

/** Throws NOT_FOUND, also for a soft-deleted council. */
export const findCouncil = async (
  store: Pick<CouncilStore, 'find'>,
  { caller }: RequestContext,
  path: CouncilPath,
): Promise<CouncilWithAccess> => {
  const found = await store.find(caller.userId, path);
  if (found === undefined || found.isDeleted) throw notFound('council');
  return found;
};

export interface CouncilCreation {
  readonly communityId: string;
  readonly body: { readonly name: string; readonly description?: string };
}

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createCouncil = (
  store: CouncilStore,
  context: RequestContext,
  { communityId, body }: CouncilCreation,
): Promise<Council> => {
  const { at, caller, idempotencyKey } = context;
  const { name, description = '' } = body;
  const created: Council = {
    id: context.newId(),
    communityId,
    name,
    description,
    memberCount: 0,
    isMember: false,
    createdBy: caller.userId,
    createdByName: caller.displayName,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const draft = draftOf('create', created, changesOf(null, { name, description }, context.sha256));
  return createOnce<Council, CouncilTarget>(context, {
    fingerprint: ['council.create', communityId, body],
    findTarget: async () => {
      const target = await store.findCreateTarget(caller.userId, communityId, idempotencyKey);
      if (target === undefined) throw notFound('community');
      return target;
    },
    allow: ({ role }) => requireRole(context, role, 'council:create', draft),
    make: () => created,
    insert: (made, remembered) => store.insert(made, communityWriteOf(context, 'council:create', draft), remembered),
  });
};

export interface CouncilChange extends CouncilPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<Pick<Council, 'name' | 'description'>>;
}

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateCouncil = (store: CouncilStore, context: RequestContext, change: CouncilChange): Promise<Council> =>
  retryCompareAndSwap(async () => {
    const { item, role } = await findCouncil(store, context, change);
    const changes = changesOf(item, change.edit, context.sha256);
    const draft = draftOf('update', item, changes);
    await requireRole(context, role, 'council:update', draft);
    requireVersion(item.version, change.ifMatch);
    if (changes.length === 0) return item;
    const next = nextVersion(item, change.edit, context.at);
    return (await store.save(next, false, communityWriteOf(context, 'council:update', draft))) ? next : undefined;
  });

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteCouncil = async (
  store: CouncilStore,
  context: RequestContext,
  path: Omit<CouncilChange, 'edit'>,
): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const { item, role } = await findCouncil(store, context, path);
    const draft = draftOf('delete', item);
    await requireRole(context, role, 'council:delete', draft);
    requireVersion(item.version, path.ifMatch);
    const next = nextVersion(item, {}, context.at);
    return (await store.save(next, true, communityWriteOf(context, 'council:delete', draft))) || undefined;
  });
};

/**
 * Undoes a soft delete. Idempotent: a council that is not deleted is returned as it is. Throws NOT_FOUND, FORBIDDEN.
 */
export const restoreCouncil = (store: CouncilStore, context: RequestContext, path: CouncilPath): Promise<Council> =>
  retryCompareAndSwap(async () => {
    const found = await store.find(context.caller.userId, path);
    if (found === undefined) throw notFound('council');
    const { item, isDeleted, role } = found;
    const draft = draftOf('restore', item);
    await requireRole(context, role, 'council:delete', draft);
    if (!isDeleted) return item;
    const next = nextVersion(item, {}, context.at);
    return (await store.save(next, false, communityWriteOf(context, 'council:delete', draft))) ? next : undefined;
  });
