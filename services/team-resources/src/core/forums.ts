import type { Forum, ForumSummary } from '@guildhall/contracts';
import {
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
  pageRequest,
  requireFound,
  requireRole,
  restoreResource,
  toPage,
  updateResource,
  type Page,
  type PageQuery,
  type PageRequest,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { roleRules, type CommunityResourceStore, type CreateTarget, type WithAccess } from './community-resource.ts';
import { communityWriteOf } from './community-write.ts';
import { sortedCursorOf, sortedCursorReader, type TimePosition } from './sorted-cursor.ts';

export interface ForumFilter {
  /** Deleted ones are listed for who may delete forums. */
  readonly state: 'deleted' | null;
  /** A part of the name, in any case. Undefined: any name. */
  readonly text: string | undefined;
  readonly sort: 'newest' | 'oldest';
}

export interface ForumPath {
  readonly communityId: string;
  readonly forumId: string;
}

/** The forums of communities. */
export interface ForumStore extends CommunityResourceStore<Forum, ForumPath> {
  list(
    userId: string,
    communityId: string,
    filter: ForumFilter,
    page: PageRequest<TimePosition>,
  ): Promise<readonly ForumSummary[] | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<CreateTarget | undefined>;
}

type ForumFields = Pick<Forum, 'name' | 'description'>;

/** A forum is changed, deleted and restored by whose role includes it. */
const rulesOf = (store: ForumStore, context: RequestContext) => roleRules('forum', store, context);

export interface ForumQuery extends PageQuery {
  readonly state?: 'deleted';
  readonly q?: string;
  readonly sort?: ForumFilter['sort'];
}

/** Throws NOT_FOUND, INVALID for a cursor of another list. */
export const listForums = async (
  store: ForumStore,
  { caller }: RequestContext,
  { communityId, query }: { readonly communityId: string; readonly query: ForumQuery },
): Promise<Page<ForumSummary>> => {
  const { state = null, q: text, sort = 'newest' } = query;
  const page = pageRequest(query, sortedCursorReader(sort));
  const rows = await requireFound('community', store.list(caller.userId, communityId, { state, text, sort }, page));
  return toPage(rows, query, ({ createdAt: time, id }) => sortedCursorOf(sort, { time, id }));
};

/** Throws NOT_FOUND, also for a soft-deleted forum. */
export const findForum = (store: ForumStore, context: RequestContext, path: ForumPath): Promise<WithAccess<Forum>> =>
  findResource(rulesOf(store, context), path);

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createForum = (
  store: ForumStore,
  context: RequestContext,
  {
    communityId,
    fields: { name, description = '' },
  }: { readonly communityId: string; readonly fields: Partial<ForumFields> & Pick<Forum, 'name'> },
): Promise<Forum> => {
  const { caller, idempotencyKey } = context;
  const made: Forum = {
    id: context.newId(),
    communityId,
    name,
    description,
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
  const changes = changesOf(null, { name, description }, context.sha256);
  const draft = rulesOf(store, context).draftOf('create', made, changes);
  return createOnce<Forum, CreateTarget>(context, {
    fingerprint: ['forum.create', communityId, name, description],
    findTarget: () => requireFound('community', store.findCreateTarget(caller.userId, communityId, idempotencyKey)),
    allow: ({ role }) => requireRole(context, role, 'forum:create', draft),
    make: () => made,
    insert: (forum, remembered) => store.insert(forum, communityWriteOf(context, 'forum:create', draft), remembered),
  });
};

export interface ForumChange extends ForumPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<ForumFields>;
}

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateForum = (store: ForumStore, context: RequestContext, change: ForumChange): Promise<Forum> =>
  updateResource(rulesOf(store, context), change);

/** Soft delete: hides the threads, too. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteForum = (store: ForumStore, context: RequestContext, path: Omit<ForumChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path);

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN. */
export const restoreForum = (store: ForumStore, context: RequestContext, path: ForumPath): Promise<Forum> =>
  restoreResource(rulesOf(store, context), path);
