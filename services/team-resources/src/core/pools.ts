import type { CommunityRole, Pool } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  nextVersion,
  notFound,
  omitUndefined,
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

export interface PoolPath {
  readonly communityId: string;
  readonly poolId: string;
}

export interface PoolWithAccess {
  readonly item: Pool;
  readonly isDeleted: boolean;
  /** The caller's role in the community. */
  readonly role: CommunityRole;
}

export interface PoolFilter {
  readonly page: SortedRequest;
  /** Part of the name, in any case. */
  readonly q?: string;
  readonly state?: 'deleted';
}

/** The community in which a pool is to be created. */
export interface PoolTarget {
  readonly role: CommunityRole;
  /** False when a council is named that the community does not have. */
  readonly hasCouncil: boolean;
  readonly earlier: EarlierAnswer | null;
}

/**
 * The pools of communities. Reads are one statement; they return undefined for what the user may not see. Writes are one
 * statement: the row, its event and its key, or nothing. They return false, having changed nothing, when the user does not hold
 * the permission (any more), the key was used or a concurrent change won.
 */
export interface PoolStore {
  /** With `state: 'deleted'` the soft-deleted pools, for who may restore them. */
  list(userId: string, communityId: string, filter: PoolFilter): Promise<readonly Pool[] | undefined>;
  /** Finds a soft-deleted pool, too. */
  find(userId: string, path: PoolPath): Promise<PoolWithAccess | undefined>;
  findCreateTarget(
    userId: string,
    communityId: string,
    councilId: string | null,
    key: string | undefined,
  ): Promise<PoolTarget | undefined>;
  insert(pool: Pool, write: CommunityWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. */
  save(next: Pool, isDeleted: boolean, write: CommunityWrite): Promise<boolean>;
}

const draftOf = (
  verb: 'create' | 'update' | 'delete' | 'restore',
  { id, name, communityId }: Pick<Pool, 'id' | 'name' | 'communityId'>,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action: `pool.${verb}`, resource: { type: 'pool', id, name }, communityId, changes });

/** Throws NOT_FOUND, also for a soft-deleted pool. */
export const findPool = async (
  store: Pick<PoolStore, 'find'>,
  { caller }: RequestContext,
  path: PoolPath,
): Promise<PoolWithAccess> => {
  const found = await store.find(caller.userId, path);
  if (found === undefined || found.isDeleted) throw notFound('pool');
  return found;
};

export interface PoolCreation {
  readonly communityId: string;
  readonly body: {
    readonly name: string;
    readonly description?: string;
    readonly unit: string;
    readonly councilId?: string;
  };
}

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createPool = (store: PoolStore, context: RequestContext, { communityId, body }: PoolCreation): Promise<Pool> => {
  const { at, caller, idempotencyKey } = context;
  const { name, description = '', unit, councilId = null } = body;
  const created: Pool = {
    id: context.newId(),
    communityId,
    councilId,
    name,
    description,
    unit,
    holding: 0,
    mayHandOut: true,
    createdBy: caller.userId,
    createdByName: caller.displayName,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const draft = draftOf(
    'create',
    created,
    changesOf(null, { name, description, unit, ...omitUndefined({ councilId: body.councilId }) }, context.sha256),
  );
  return createOnce<Pool, PoolTarget>(context, {
    fingerprint: ['pool.create', communityId, body],
    findTarget: async () => {
      const target = await store.findCreateTarget(caller.userId, communityId, councilId, idempotencyKey);
      if (target === undefined) throw notFound('community');
      return target;
    },
    allow: async ({ earlier, hasCouncil, role }) => {
      await requireRole(context, role, 'pool:create', draft);
      if (earlier === null && !hasCouncil) throw new AppError('UNPROCESSABLE', 'The community has no such council.');
    },
    make: () => created,
    insert: (made, remembered) => store.insert(made, communityWriteOf(context, 'pool:create', draft), remembered),
  });
};

export interface PoolChange extends PoolPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<Pick<Pool, 'name' | 'description'>>;
}

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updatePool = (store: PoolStore, context: RequestContext, change: PoolChange): Promise<Pool> =>
  retryCompareAndSwap(async () => {
    const { item, role } = await findPool(store, context, change);
    const changes = changesOf(item, change.edit, context.sha256);
    const draft = draftOf('update', item, changes);
    await requireRole(context, role, 'pool:update', draft);
    requireVersion(item.version, change.ifMatch);
    if (changes.length === 0) return item;
    const next = nextVersion(item, change.edit, context.at);
    return (await store.save(next, false, communityWriteOf(context, 'pool:update', draft))) ? next : undefined;
  });

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deletePool = async (store: PoolStore, context: RequestContext, path: Omit<PoolChange, 'edit'>): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const { item, role } = await findPool(store, context, path);
    const draft = draftOf('delete', item);
    await requireRole(context, role, 'pool:delete', draft);
    requireVersion(item.version, path.ifMatch);
    const next = nextVersion(item, {}, context.at);
    return (await store.save(next, true, communityWriteOf(context, 'pool:delete', draft))) || undefined;
  });
};

/**
 * Undoes a soft delete. Idempotent: a pool that is not deleted is returned as it is. Throws NOT_FOUND, FORBIDDEN.
 */
export const restorePool = (store: PoolStore, context: RequestContext, path: PoolPath): Promise<Pool> =>
  retryCompareAndSwap(async () => {
    const found = await store.find(context.caller.userId, path);
    if (found === undefined) throw notFound('pool');
    const { item, isDeleted, role } = found;
    const draft = draftOf('restore', item);
    await requireRole(context, role, 'pool:delete', draft);
    if (!isDeleted) return item;
    const next = nextVersion(item, {}, context.at);
    return (await store.save(next, false, communityWriteOf(context, 'pool:delete', draft))) ? next : undefined;
  });
