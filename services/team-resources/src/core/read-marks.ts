import type { ReadMark } from '@guildhall/contracts';
import { notFound, requireFound, type RequestContext } from '@guildhall/resources';
import type { ForumPath } from './forums.ts';
import type { ThreadPath } from './threads.ts';

/**
 * The read marks of members: one a member and thread, which never goes back. A mark is its owner's alone, and leaves no audit event. Writes are one statement with the caller's membership in it.
 */
export interface ReadMarkStore {
  /**
   * Marks the thread as read up to the post, null: to its end. Undefined for a thread that the user may not see, and null for a post
   * that it does not have.
   */
  markThread(
    userId: string,
    path: ThreadPath,
    postId: string | null,
  ): Promise<{ readonly unreadCount: number } | null | undefined>;
  /** Marks every thread of the forum as read to its end. False for a forum that the user may not see. */
  markForum(userId: string, path: ForumPath): Promise<boolean>;
}

/** Throws NOT_FOUND. */
export const markThreadRead = async (
  store: ReadMarkStore,
  { caller }: RequestContext,
  { path, postId }: { readonly path: ThreadPath; readonly postId: string | undefined },
): Promise<ReadMark> => {
  const marked = await requireFound('thread', store.markThread(caller.userId, path, postId ?? null));
  if (marked === null) throw notFound('post');
  return { threadId: path.threadId, ...marked };
};

/** Throws NOT_FOUND. */
export const markForumRead = async (store: ReadMarkStore, { caller }: RequestContext, path: ForumPath): Promise<void> => {
  if (!(await store.markForum(caller.userId, path))) throw notFound('forum');
};
