import { communityRoleMay, type HeldRole, type Thread, type ThreadSummary } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
  pageRequest,
  requireAllowed,
  requireFound,
  requireRole,
  restoreResource,
  toPage,
  updateResource,
  type AuditDraft,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type ResourceRules,
  type VersionCondition,
} from '@guildhall/resources';
import type { CreateTarget, WithAccess } from './community-resource.ts';
import { writeOf, type AuditedWrite } from './community-write.ts';
import type { ForumPath } from './forums.ts';
import { sortedCursorOf, sortedCursorReader, type TimePosition } from './sorted-cursor.ts';

export interface ThreadPath extends ForumPath {
  readonly threadId: string;
}

export interface ThreadWithAccess extends WithAccess<Thread> {
  /** Who deleted it; null for a thread that is there. */
  readonly deletedBy: string | null;
  readonly lastPostNumber: number;
  /** Somebody else than who began it has posted in it. */
  readonly hasOtherAuthors: boolean;
}

export interface ThreadWrite extends AuditedWrite {
  readonly communityId: string;
}

export interface ThreadFilter {
  /** Deleted ones: the caller's own, for moderators all. */
  readonly state: 'deleted' | null;
  readonly isUnread: boolean;
  /** A part of the title, in any case. Undefined: any title. */
  readonly text: string | undefined;
  readonly sort: 'active' | 'newest' | 'oldest';
}

/**
 * The threads of forums. Reads are one statement with the caller's membership in it; they return undefined for what the caller may
 * not see. Writes are one statement: rows, event and key, or nothing. They return false, having changed nothing, when the user may
 * not do it (any more), the key was used or a concurrent change won.
 */
export interface ThreadStore {
  list(
    userId: string,
    path: ForumPath,
    filter: ThreadFilter,
    page: PageRequest<TimePosition>,
  ): Promise<readonly ThreadSummary[] | undefined>;
  /** Finds a deleted thread, too. */
  find(userId: string, path: ThreadPath): Promise<ThreadWithAccess | undefined>;
  findCreateTarget(userId: string, path: ForumPath, key: string | undefined): Promise<CreateTarget | undefined>;
  /** Stores the thread with its first post, which its author has read. */
  insert(
    thread: Thread,
    firstPost: { readonly id: string; readonly content: string },
    write: ThreadWrite,
    remembered: RememberedAnswer | null,
  ): Promise<boolean>;
  /** Stores `next` over the version before it, deleted by `deletedBy`, if the last post is still this one. */
  save(next: Thread, state: Pick<ThreadWithAccess, 'deletedBy' | 'lastPostNumber'>, write: ThreadWrite): Promise<boolean>;
}

const draftOf = auditDraftsOf('thread', ({ title }: Thread & Pick<ForumPath, 'communityId'>) => title);

export interface ThreadQuery extends PageQuery {
  readonly state?: 'deleted';
  readonly unread?: boolean;
  readonly q?: string;
  readonly sort?: ThreadFilter['sort'];
}

/** Throws NOT_FOUND, INVALID for a cursor of another list. */
export const listThreads = async (
  store: ThreadStore,
  { caller }: RequestContext,
  { path, query }: { readonly path: ForumPath; readonly query: ThreadQuery },
): Promise<Page<ThreadSummary>> => {
  const { state = null, unread: isUnread = false, q: text, sort = 'active' } = query;
  const page = pageRequest(query, sortedCursorReader(sort));
  const rows = await requireFound('forum', store.list(caller.userId, path, { state, isUnread, text, sort }, page));
  const timeOf = ({ createdAt, lastPostAt }: ThreadSummary) => (sort === 'active' ? lastPostAt : createdAt);
  return toPage(rows, query, (thread) => sortedCursorOf(sort, { time: timeOf(thread), id: thread.id }));
};

/** Throws FORBIDDEN unless the caller moderates forums, or holds `forum:post` and `isOwn`. */
const requireOwnOrModerator = async (
  context: RequestContext,
  role: HeldRole,
  isOwn: boolean,
  draft: AuditDraft,
): Promise<void> => {
  await requireRole(context, role, 'forum:post', draft);
  const reason = `Your role here, ${role}, does not include forum:moderate: it is another’s.`;
  await requireAllowed(context, isOwn || communityRoleMay(role, 'forum:moderate'), draft, reason);
};

/** A thread is changed, deleted and restored by who began it, unless a moderator deleted it, and by moderators. */
const rulesOf = (
  store: ThreadStore,
  context: RequestContext,
  { communityId }: ForumPath,
): ResourceRules<Thread, ThreadWithAccess, ThreadPath> => {
  const { userId } = context.caller;
  return {
    context,
    noun: 'thread',
    find: (path) => store.find(userId, path),
    draftOf: (verb, item, changes) => draftOf(verb, { ...item, communityId }, changes),
    allow: async (_verb, { item, role, deletedBy }, draft) => {
      const isOwn = item.createdBy === userId && (deletedBy === null || deletedBy === userId);
      await requireOwnOrModerator(context, role, isOwn, draft);
    },
    save: async ({ verb, found: { lastPostNumber }, next, draft }) => {
      const state = { deletedBy: verb === 'delete' ? userId : null, lastPostNumber };
      return (await store.save(next, state, { ...writeOf(context, draft), communityId })) ? next : undefined;
    },
  };
};

/** Throws NOT_FOUND, also for a soft-deleted thread. */
export const findThread = (store: ThreadStore, context: RequestContext, path: ThreadPath): Promise<ThreadWithAccess> =>
  findResource(rulesOf(store, context, path), path);

export interface NewThread {
  readonly path: ForumPath;
  readonly title: string;
  readonly content: string;
}

/** Begins a thread with its first post, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createThread = (
  store: ThreadStore,
  context: RequestContext,
  { path, title, content }: NewThread,
): Promise<Thread> => {
  const { caller, idempotencyKey } = context;
  const { communityId, forumId } = path;
  const made: Thread = {
    id: context.newId(),
    forumId,
    title,
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
  const draft = draftOf('create', { ...made, communityId }, changesOf(null, { title, content }, context.sha256));
  return createOnce<Thread, CreateTarget>(context, {
    fingerprint: ['thread.create', communityId, forumId, title, content],
    findTarget: () => requireFound('forum', store.findCreateTarget(caller.userId, path, idempotencyKey)),
    allow: ({ role }) => requireRole(context, role, 'forum:post', draft),
    make: () => made,
    insert: (thread, remembered) => {
      const firstPost = { id: context.newId(), content };
      return store.insert(thread, firstPost, { ...writeOf(context, draft), communityId }, remembered);
    },
  });
};

export interface ThreadChange extends ThreadPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Pick<Thread, 'title'>;
}

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateThread = (store: ThreadStore, context: RequestContext, change: ThreadChange): Promise<Thread> =>
  updateResource(rulesOf(store, context, change), change);

/**
 * Soft delete: hides the posts, too. Who began a thread deletes it while nobody else has posted in it. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH, CONFLICT.
 */
export const deleteThread = (store: ThreadStore, context: RequestContext, path: Omit<ThreadChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context, path), path, ({ hasOtherAuthors, role }) => {
    if (hasOtherAuthors && !communityRoleMay(role, 'forum:moderate')) {
      throw new AppError('CONFLICT', 'Others have posted in this thread. A moderator may delete it.');
    }
  });

/**
 * Undoes a soft delete: of one's own that one deleted, or of any as a moderator. Idempotent. Throws NOT_FOUND, FORBIDDEN.
 */
export const restoreThread = (store: ThreadStore, context: RequestContext, path: ThreadPath): Promise<Thread> =>
  restoreResource(rulesOf(store, context, path), path);
