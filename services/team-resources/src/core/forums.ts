import type { CommunityRole, Forum, ForumSummary } from '@guildhall/contracts';
import {
  changesOf,
  createOnce,
  nextVersion,
  notFound,
  pageRequest,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type EarlierAnswer,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { sortedCursorOf, sortedCursorReader, type TimePosition } from './sorted-cursor.ts';
import { communityWriteOf, type CommunityWrite } from './community-write.ts';

export interface ForumWithAccess {
  readonly item: Forum;
  /** The caller's role in the community. */
  readonly role: CommunityRole;
  readonly isDeleted: boolean;
}

/** The parent of something in a forum that is to be created, with the caller's role in the community. */
export interface ForumTarget {
  readonly role: CommunityRole;
  readonly earlier: EarlierAnswer | null;
}

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

/**
 * The forums of communities. Reads are one statement with the caller's membership in it; they return undefined for what the caller
 * may not see. Writes are one statement: row, event and key, or nothing. They return false, having changed nothing, when the user
 * does not hold the permission (any more), the key was used or a concurrent change won.
 */
export interface ForumStore {
  list(
    userId: string,
    communityId: string,
    filter: ForumFilter,
    page: PageRequest<TimePosition>,
  ): Promise<readonly ForumSummary[] | undefined>;
  /** Finds a deleted forum, too. */
  find(userId: string, path: ForumPath): Promise<ForumWithAccess | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<ForumTarget | undefined>;
  insert(forum: Forum, write: CommunityWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. */
  save(next: Forum, isDeleted: boolean, write: CommunityWrite): Promise<boolean>;
}

type ForumFields = Pick<Forum, 'name' | 'description'>;

const draftOf = (
  verb: 'create' | 'update' | 'delete' | 'restore',
  { id, name, communityId }: Pick<Forum, 'id' | 'name' | 'communityId'>,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action: `forum.${verb}`, resource: { type: 'forum', id, name }, communityId, changes });

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
  const rows = await store.list(caller.userId, communityId, { state, text, sort }, page);
  if (rows === undefined) throw notFound('community');
  return toPage(rows, query, ({ createdAt: time, id }) => sortedCursorOf(sort, { time, id }));
};

const findDeletedToo = async (store: ForumStore, { caller }: RequestContext, path: ForumPath): Promise<ForumWithAccess> => {
  const found = await store.find(caller.userId, path);
  if (found === undefined) throw notFound('forum');
  return found;
};

/** Throws NOT_FOUND. */
export const findForum = async (store: ForumStore, context: RequestContext, path: ForumPath): Promise<ForumWithAccess> => {
  const found = await findDeletedToo(store, context, path);
  if (found.isDeleted) throw notFound('forum');
  return found;
};

/** Creates once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createForum = (
  store: ForumStore,
  context: RequestContext,
  {
    communityId,
    fields: { name, description = '' },
  }: { readonly communityId: string; readonly fields: Partial<ForumFields> & Pick<Forum, 'name'> },
): Promise<Forum> => {
  const { at, caller } = context;
  const made: Forum = {
    id: context.newId(),
    communityId,
    name,
    description,
    createdBy: caller.userId,
    createdByName: caller.displayName,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const draft = draftOf('create', made, changesOf(null, { name, description }, context.sha256));
  return createOnce<Forum, ForumTarget>(context, {
    fingerprint: ['forum.create', communityId, name, description],
    findTarget: async () => {
      const target = await store.findCreateTarget(caller.userId, communityId, context.idempotencyKey);
      if (target === undefined) throw notFound('community');
      return target;
    },
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
  retryCompareAndSwap(async () => {
    const { item, role } = await findForum(store, context, change);
    const changes = changesOf(item, change.edit, context.sha256);
    const draft = draftOf('update', item, changes);
    await requireRole(context, role, 'forum:update', draft);
    requireVersion(item.version, change.ifMatch);
    if (changes.length === 0) return item;
    const next = nextVersion(item, change.edit, context.at);
    return (await store.save(next, false, communityWriteOf(context, 'forum:update', draft))) ? next : undefined;
  });

/** Soft delete: hides the threads, too. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteForum = async (store: ForumStore, context: RequestContext, path: Omit<ForumChange, 'edit'>): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const { item, role } = await findForum(store, context, path);
    const draft = draftOf('delete', item);
    await requireRole(context, role, 'forum:delete', draft);
    requireVersion(item.version, path.ifMatch);
    const next = nextVersion(item, {}, context.at);
    return (await store.save(next, true, communityWriteOf(context, 'forum:delete', draft))) || undefined;
  });
};

/** Undoes a soft delete. Idempotent: a forum that is not deleted is returned as it is. Throws NOT_FOUND, FORBIDDEN. */
export const restoreForum = (store: ForumStore, context: RequestContext, path: ForumPath): Promise<Forum> =>
  retryCompareAndSwap(async () => {
    const { item, role, isDeleted } = await findDeletedToo(store, context, path);
    const draft = draftOf('restore', item);
    await requireRole(context, role, 'forum:delete', draft);
    if (!isDeleted) return item;
    const next = nextVersion(item, {}, context.at);
    return (await store.save(next, false, communityWriteOf(context, 'forum:delete', draft))) ? next : undefined;
  });
