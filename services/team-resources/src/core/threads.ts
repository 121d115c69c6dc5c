import {
  communityRoleMay,
  type AuditEventMessage,
  type CommunityRole,
  type Thread,
  type ThreadSummary,
} from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  nextVersion,
  notFound,
  pageRequest,
  requireAllowed,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import type { ForumPath, ForumTarget } from './forums.ts';
import { sortedCursorOf, sortedCursorReader, type TimePosition } from './sorted-cursor.ts';

export interface ThreadPath extends ForumPath {
  readonly threadId: string;
}

export interface ThreadWithAccess {
  readonly item: Thread;
  /** The caller's role in the community. */
  readonly role: CommunityRole;
  /** Who deleted it; null for a thread that is there. */
  readonly deletedBy: string | null;
  readonly lastPostNumber: number;
  /** Somebody else than who began it has posted in it. */
  readonly hasOtherAuthors: boolean;
}

/** The caller of a write in a community, and its audit event. */
export interface ThreadWrite {
  readonly communityId: string;
  readonly userId: string;
  readonly event: AuditEventMessage;
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
  findCreateTarget(userId: string, path: ForumPath, key: string | undefined): Promise<ForumTarget | undefined>;
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

const draftOf = (
  verb: 'create' | 'update' | 'delete' | 'restore',
  communityId: string,
  { id, title }: Pick<Thread, 'id' | 'title'>,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action: `thread.${verb}`, resource: { type: 'thread', id, name: title }, communityId, changes });

const writeOf = ({ caller, audit }: RequestContext, communityId: string, draft: AuditDraft): ThreadWrite => ({
  communityId,
  userId: caller.userId,
  event: audit('success', draft),
});

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
  const rows = await store.list(caller.userId, path, { state, isUnread, text, sort }, page);
  if (rows === undefined) throw notFound('forum');
  const timeOf = ({ createdAt, lastPostAt }: ThreadSummary) => (sort === 'active' ? lastPostAt : createdAt);
  return toPage(rows, query, (thread) => sortedCursorOf(sort, { time: timeOf(thread), id: thread.id }));
};

const findDeletedToo = async (store: ThreadStore, { caller }: RequestContext, path: ThreadPath): Promise<ThreadWithAccess> => {
  const found = await store.find(caller.userId, path);
  if (found === undefined) throw notFound('thread');
  return found;
};

/** Throws NOT_FOUND. */
export const findThread = async (store: ThreadStore, context: RequestContext, path: ThreadPath): Promise<ThreadWithAccess> => {
  const found = await findDeletedToo(store, context, path);
  if (found.deletedBy !== null) throw notFound('thread');
  return found;
};

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
  const { at, caller } = context;
  const made: Thread = {
    id: context.newId(),
    forumId: path.forumId,
    title,
    createdBy: caller.userId,
    createdByName: caller.displayName,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const draft = draftOf('create', path.communityId, made, changesOf(null, { title, content }, context.sha256));
  return createOnce<Thread, ForumTarget>(context, {
    fingerprint: ['thread.create', path.communityId, path.forumId, title, content],
    findTarget: async () => {
      const target = await store.findCreateTarget(caller.userId, path, context.idempotencyKey);
      if (target === undefined) throw notFound('forum');
      return target;
    },
    allow: ({ role }) => requireRole(context, role, 'forum:post', draft),
    make: () => made,
    insert: (thread, remembered) =>
      store.insert(thread, { id: context.newId(), content }, writeOf(context, path.communityId, draft), remembered),
  });
};

/** Throws FORBIDDEN unless the caller moderates forums, or holds `forum:post` and `isOwn`. */
const requireOwnOrModerator = async (
  context: RequestContext,
  role: CommunityRole,
  isOwn: boolean,
  draft: AuditDraft,
): Promise<void> => {
  await requireRole(context, role, 'forum:post', draft);
  const reason = `Your role here, ${role}, does not include forum:moderate: it is another’s.`;
  await requireAllowed(context, isOwn || communityRoleMay(role, 'forum:moderate'), draft, reason);
};

export interface ThreadChange extends ThreadPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Pick<Thread, 'title'>;
}

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateThread = (store: ThreadStore, context: RequestContext, change: ThreadChange): Promise<Thread> =>
  retryCompareAndSwap(async () => {
    const found = await findThread(store, context, change);
    const { item, role } = found;
    const changes = changesOf(item, change.edit, context.sha256);
    const draft = draftOf('update', change.communityId, item, changes);
    await requireOwnOrModerator(context, role, item.createdBy === context.caller.userId, draft);
    requireVersion(item.version, change.ifMatch);
    if (changes.length === 0) return item;
    const next = nextVersion(item, change.edit, context.at);
    return (await store.save(next, found, writeOf(context, change.communityId, draft))) ? next : undefined;
  });

/**
 * Soft delete: hides the posts, too. Who began a thread deletes it while nobody else has posted in it. Throws NOT_FOUND, FORBIDDEN,
 * VERSION_MISMATCH, CONFLICT.
 */
export const deleteThread = async (
  store: ThreadStore,
  context: RequestContext,
  path: Omit<ThreadChange, 'edit'>,
): Promise<void> => {
  const { userId } = context.caller;
  await retryCompareAndSwap(async () => {
    const { item, role, lastPostNumber, hasOtherAuthors } = await findThread(store, context, path);
    const draft = draftOf('delete', path.communityId, item);
    await requireOwnOrModerator(context, role, item.createdBy === userId, draft);
    requireVersion(item.version, path.ifMatch);
    if (hasOtherAuthors && !communityRoleMay(role, 'forum:moderate')) {
      throw new AppError('CONFLICT', 'Others have posted in this thread. A moderator may delete it.');
    }
    const next = nextVersion(item, {}, context.at);
    const write = writeOf(context, path.communityId, draft);
    return (await store.save(next, { deletedBy: userId, lastPostNumber }, write)) || undefined;
  });
};

/**
 * Undoes a soft delete: of one's own that one deleted, or of any as a moderator. Idempotent: a thread that is not deleted is
 * returned as it is. Throws NOT_FOUND, FORBIDDEN.
 */
export const restoreThread = (store: ThreadStore, context: RequestContext, path: ThreadPath): Promise<Thread> =>
  retryCompareAndSwap(async () => {
    const { item, role, deletedBy, lastPostNumber } = await findDeletedToo(store, context, path);
    const { userId } = context.caller;
    const draft = draftOf('restore', path.communityId, item);
    const isOwn = item.createdBy === userId && (deletedBy === null || deletedBy === userId);
    await requireOwnOrModerator(context, role, isOwn, draft);
    if (deletedBy === null) return item;
    const next = nextVersion(item, {}, context.at);
    const write = writeOf(context, path.communityId, draft);
    return (await store.save(next, { deletedBy: null, lastPostNumber }, write)) ? next : undefined;
  });
