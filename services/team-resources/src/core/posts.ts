import { communityRoleMay, type HeldRole, type Post, type PostSummary } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  decodeCursor,
  encodeCursor,
  firstVersion,
  invalidCursor,
  nextVersion,
  pageRequest,
  requireAllowed,
  requireFound,
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
import type { CreateTarget } from './community-resource.ts';
import { writeOf, type AuditedWrite } from './community-write.ts';
import type { ThreadPath } from './threads.ts';

export interface PostPath extends ThreadPath {
  readonly postId: string;
}

/** A post with its text, also when it is gone: then others see a tombstone, which keeps its place. */
export type WholePost = Omit<Post, 'content'> & { readonly content: string };

export interface PostWithAccess {
  readonly item: WholePost;
  /** The caller's role in the community. */
  readonly role: HeldRole;
}

export type ListedPost = WholePost & Pick<PostSummary, 'isUnread'> & { readonly number: number };

/** A write, and the thread in which it is made. */
export interface PostWrite extends AuditedWrite {
  readonly path: ThreadPath;
}

export interface PostFilter {
  /** The posts that are gone: the caller's own that they deleted, for moderators all. Null: every post, in its place. */
  readonly state: 'deleted' | null;
  readonly sort: 'oldest' | 'newest';
}

/**
 * The posts of threads. Reads are one statement with the caller's membership in it; they return undefined for what the caller may not
 * see. Writes are one statement: rows, event and key, or nothing. They return false, having changed nothing, when the user may not do
 * it (any more), the key was used or a concurrent change won. However many post at once, each post has a number of its own.
 */
export interface PostStore {
  list(
    userId: string,
    path: ThreadPath,
    filter: PostFilter,
    page: PageRequest<number>,
  ): Promise<readonly ListedPost[] | undefined>;
  find(userId: string, path: PostPath): Promise<PostWithAccess | undefined>;
  findCreateTarget(userId: string, path: ThreadPath, key: string | undefined): Promise<CreateTarget | undefined>;
  /** Stores the post behind the last one. The author has read it if they had read all before it. */
  insert(post: WholePost, write: PostWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores content and deletion of `next` over the version before it: a compare-and-swap on the version. */
  save(next: WholePost, write: PostWrite): Promise<boolean>;
}

const draftOf = auditDraftsOf('post');

/** The post as it is shown: without its text when it is gone. */
export const shownPost = <P extends WholePost>(post: P): Omit<P, 'content'> & Pick<Post, 'content'> => ({
  ...post,
  content: post.deletion === null ? post.content : null,
});

export interface PostQuery extends PageQuery {
  readonly state?: 'deleted';
  readonly sort?: PostFilter['sort'];
}

const readNumberCursor =
  (sort: string) =>
  (cursor: string): number => {
    const [by, text] = decodeCursor(cursor, 2);
    const number = Number(text);
    if (by !== sort || !Number.isSafeInteger(number) || number < 1) throw invalidCursor();
    return number;
  };

/** Throws NOT_FOUND, INVALID for a cursor of another list. */
export const listPosts = async (
  store: PostStore,
  { caller }: RequestContext,
  { path, query }: { readonly path: ThreadPath; readonly query: PostQuery },
): Promise<Page<PostSummary>> => {
  const { state = null, sort = 'oldest' } = query;
  const page = pageRequest(query, readNumberCursor(sort));
  const rows = await requireFound('thread', store.list(caller.userId, path, { state, sort }, page));
  const { items, nextCursor } = toPage(rows, query, ({ number }) => encodeCursor([sort, number]));
  const shown = items.map(({ number: _number, ...post }) => (state === 'deleted' ? post : shownPost(post)));
  return { items: shown, nextCursor };
};

/** Throws NOT_FOUND. Finds a post that is gone, too: its place is kept. */
export const findPost = (store: PostStore, { caller }: RequestContext, path: PostPath): Promise<PostWithAccess> =>
  requireFound('post', store.find(caller.userId, path));

const postWriteOf = (context: RequestContext, path: ThreadPath, draft: AuditDraft): PostWrite => ({
  ...writeOf(context, draft),
  path,
});

/** Posts once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createPost = (
  store: PostStore,
  context: RequestContext,
  { path, content }: { readonly path: ThreadPath; readonly content: string },
): Promise<Post> => {
  const { caller, idempotencyKey } = context;
  const { communityId, forumId, threadId } = path;
  const made: WholePost = {
    id: context.newId(),
    threadId,
    content,
    deletion: null,
    createdByName: caller.displayName,
    ...firstVersion(context),
  };
  const draft = draftOf('create', { id: made.id, communityId }, changesOf(null, { content }, context.sha256));
  return createOnce<WholePost, CreateTarget>(context, {
    fingerprint: ['post.create', communityId, forumId, threadId, content],
    findTarget: () => requireFound('thread', store.findCreateTarget(caller.userId, path, idempotencyKey)),
    allow: ({ role }) => requireRole(context, role, 'forum:post', draft),
    make: () => made,
    insert: (post, remembered) => store.insert(post, postWriteOf(context, path, draft), remembered),
  });
};

/** Throws CONFLICT when the post is gone. */
const requirePresent = ({ deletion }: WholePost): void => {
  if (deletion !== null) throw new AppError('CONFLICT', 'This post is gone. Restore it first.');
};

export interface PostChange extends PostPath {
  readonly ifMatch: VersionCondition;
}

/** Changes the caller's own post. An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT. */
export const updatePost = (
  store: PostStore,
  context: RequestContext,
  change: PostChange & { readonly content: string },
): Promise<Post> =>
  retryCompareAndSwap(async () => {
    const { item, role } = await findPost(store, context, change);
    const edit = { content: change.content };
    const changes = changesOf(item, edit, context.sha256);
    const draft = draftOf('update', { id: item.id, communityId: change.communityId }, changes);
    await requireRole(context, role, 'forum:post', draft);
    await requireAllowed(context, item.createdBy === context.caller.userId, draft, 'Only who wrote a post changes it.');
    requireVersion(item.version, change.ifMatch);
    requirePresent(item);
    if (changes.length === 0) return item;
    const next = nextVersion(item, edit, context.at);
    return (await store.save(next, postWriteOf(context, change, draft))) ? next : undefined;
  });

/** Deletes the caller's own post; its place is kept. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT. */
export const deletePost = async (store: PostStore, context: RequestContext, path: PostChange): Promise<void> => {
  const { userId } = context.caller;
  await retryCompareAndSwap(async () => {
    const { item, role } = await findPost(store, context, path);
    const draft = draftOf('delete', { id: item.id, communityId: path.communityId });
    await requireRole(context, role, 'forum:post', draft);
    await requireAllowed(context, item.createdBy === userId, draft, 'Only who wrote a post deletes it. Moderators remove posts.');
    requireVersion(item.version, path.ifMatch);
    requirePresent(item);
    const next = nextVersion(item, { deletion: { at: context.at, by: userId, reason: null } }, context.at);
    return (await store.save(next, postWriteOf(context, path, draft))) || undefined;
  });
};

/** Removes a post as a moderator; the reason stands in its place. Throws NOT_FOUND, FORBIDDEN, CONFLICT. */
export const removePost = (
  store: PostStore,
  context: RequestContext,
  removal: PostPath & { readonly reason: string },
): Promise<Post> =>
  retryCompareAndSwap(async () => {
    const { item, role } = await findPost(store, context, removal);
    const { reason, communityId } = removal;
    const text = changesOf({ content: item.content }, { content: null }, context.sha256);
    const draft = draftOf('remove', { id: item.id, communityId }, [...text, { path: '/deletion/reason', after: reason }]);
    await requireRole(context, role, 'forum:moderate', draft);
    requirePresent(item);
    const deletion = { at: context.at, by: context.caller.userId, reason };
    const next = nextVersion(item, { deletion }, context.at);
    return (await store.save(next, postWriteOf(context, removal, draft))) ? shownPost(next) : undefined;
  });

/**
 * Brings a post back: one's own that one deleted, or any as a moderator. Idempotent: a post that is there is returned as it is. Throws
 * NOT_FOUND, FORBIDDEN.
 */
export const restorePost = (store: PostStore, context: RequestContext, path: PostPath): Promise<Post> =>
  retryCompareAndSwap(async () => {
    const { item, role } = await findPost(store, context, path);
    const { userId } = context.caller;
    const draft = draftOf('restore', { id: item.id, communityId: path.communityId });
    await requireRole(context, role, 'forum:post', draft);
    const isOwn = item.createdBy === userId && (item.deletion === null || item.deletion.by === userId);
    const isAllowed = isOwn || communityRoleMay(role, 'forum:moderate');
    await requireAllowed(context, isAllowed, draft, 'One restores what one wrote and deleted oneself; moderators restore all.');
    if (item.deletion === null) return item;
    const next = nextVersion(item, { deletion: null }, context.at);
    return (await store.save(next, postWriteOf(context, path, draft))) ? next : undefined;
  });
