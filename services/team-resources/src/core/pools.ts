import type { Pool } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
  omitUndefined,
  requireFound,
  requireRole,
  restoreResource,
  updateResource,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import {
  roleRules,
  type CommunityResourceStore,
  type CreateTarget,
  type NamedFilter,
  type WithAccess,
} from './community-resource.ts';
import { communityWriteOf } from './community-write.ts';

export interface PoolPath {
  readonly communityId: string;
  readonly poolId: string;
}

export interface PoolTarget extends CreateTarget {
  /** False when a council is named that the community does not have. */
  readonly hasCouncil: boolean;
}

/** The pools of communities. */
export interface PoolStore extends CommunityResourceStore<Pool, PoolPath> {
  list(userId: string, communityId: string, filter: NamedFilter): Promise<readonly Pool[] | undefined>;
  findCreateTarget(
    userId: string,
    communityId: string,
    councilId: string | null,
    key: string | undefined,
  ): Promise<PoolTarget | undefined>;
}

/** A pool is changed, deleted and restored by whose role includes it. */
const rulesOf = (store: PoolStore, context: RequestContext) => roleRules('pool', store, context);

/** Throws NOT_FOUND, also for a soft-deleted pool. */
export const findPool = (store: PoolStore, context: RequestContext, path: PoolPath): Promise<WithAccess<Pool>> =>
  findResource(rulesOf(store, context), path);

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
  const { caller, idempotencyKey } = context;
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
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
  const fields = { name, description, unit, ...omitUndefined({ councilId: body.councilId }) };
  const draft = rulesOf(store, context).draftOf('create', created, changesOf(null, fields, context.sha256));
  return createOnce<Pool, PoolTarget>(context, {
    fingerprint: ['pool.create', communityId, body],
    findTarget: () => requireFound('community', store.findCreateTarget(caller.userId, communityId, councilId, idempotencyKey)),
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
  updateResource(rulesOf(store, context), change);

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deletePool = (store: PoolStore, context: RequestContext, path: Omit<PoolChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path);

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN. */
export const restorePool = (store: PoolStore, context: RequestContext, path: PoolPath): Promise<Pool> =>
  restoreResource(rulesOf(store, context), path);
