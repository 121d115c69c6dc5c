import type { CommunityPermission } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';
import type { ForumPath } from '../core/forums.ts';
import type { TimePosition } from '../core/sorted-cursor.ts';
import type { ThreadPath } from '../core/threads.ts';
import { callerRole, membershipOf, roleIncludes } from './access.ts';
import { timestamp } from './fragments.ts';

/** SQL fragments that the stores of forums, threads and posts share. */

const forumJoins = (userId: string, { communityId, forumId }: ForumPath): Fragment => sql.fragment`
  FROM team.communities AS community
  ${membershipOf(userId)}
  JOIN team.forums AS forum ON forum.community_id = community.id AND forum.id = ${forumId}::uuid AND forum.deleted_at IS NULL
    AND community.id = ${communityId}::uuid AND community.deleted_at IS NULL`;

/** Selects `forum_id` and `role` if the user holds the permission where the forum is, and it is not deleted; no row otherwise. */
export const forumAccess = (userId: string, path: ForumPath, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT forum.id AS forum_id, ${callerRole} ${forumJoins(userId, path)} WHERE ${roleIncludes(permission)}`;

/** Selects `thread_id`, `last_post_number` and `role` if the user holds the permission and the thread is there; no row otherwise. */
export const threadAccess = (userId: string, path: ThreadPath, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT thread.id AS thread_id, thread.last_post_number, ${callerRole} ${forumJoins(userId, path)}
  JOIN team.forum_threads AS thread
    ON thread.forum_id = forum.id AND thread.id = ${path.threadId}::uuid AND thread.deleted_at IS NULL
  WHERE ${roleIncludes(permission)}`;

/** Keyset pagination by one of the columns that hold a time. */
export const afterTime = (column: Fragment, id: Fragment, isRising: boolean, after: TimePosition | null): Fragment => {
  if (after === null || after.time === null) return sql.fragment`true`;
  const position = sql.fragment`(${timestamp(after.time)}, ${after.id}::uuid)`;
  return isRising ? sql.fragment`(${column}, ${id}) > ${position}` : sql.fragment`(${column}, ${id}) < ${position}`;
};
