import type { Council } from '@guildhall/contracts';
import {
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
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

export interface CouncilPath {
  readonly communityId: string;
  readonly councilId: string;
}

/** The councils of communities. */
export interface CouncilStore extends CommunityResourceStore<Council, CouncilPath> {
  list(userId: string, communityId: string, filter: NamedFilter): Promise<readonly Council[] | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<CreateTarget | undefined>;
}

/** A council is changed, deleted and restored by whose role includes it. */
const rulesOf = (store: CouncilStore, context: RequestContext) => roleRules('council', store, context);

/** Throws NOT_FOUND, also for a soft-deleted council. */
export const findCouncil = (store: CouncilStore, context: RequestContext, path: CouncilPath): Promise<WithAccess<Council>> =>
  findResource(rulesOf(store, context), path);

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
  const { caller, idempotencyKey } = context;
  const { name, description = '' } = body;
  const created: Council = {
    id: context.newId(),
    communityId,
    name,
    description,
    memberCount: 0,
    isMember: false,
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
  const changes = changesOf(null, { name, description }, context.sha256);
  const draft = rulesOf(store, context).draftOf('create', created, changes);
  return createOnce<Council, CreateTarget>(context, {
    fingerprint: ['council.create', communityId, body],
    findTarget: () => requireFound('community', store.findCreateTarget(caller.userId, communityId, idempotencyKey)),
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
  updateResource(rulesOf(store, context), change);

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteCouncil = (store: CouncilStore, context: RequestContext, path: Omit<CouncilChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path);

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN. */
export const restoreCouncil = (store: CouncilStore, context: RequestContext, path: CouncilPath): Promise<Council> =>
  restoreResource(rulesOf(store, context), path);
