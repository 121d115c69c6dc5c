import { sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { ReadMarkStore } from '../core/read-marks.ts';
import { forumAccess, threadAccess } from './forum-fragments.ts';

const MarkedRow = uncheckedRow({ unreadCount: Type.Optional(Type.Integer()) });
const AccessRow = uncheckedRow({ isVisible: Type.Boolean() });

/** The read marks of members: a high-water mark for each thread, the number of the last post that was read. */
export const createReadMarks = (connection: Connection): ReadMarkStore => ({
  async markThread(userId, path, postId) {
    const found = await connection.maybeOne(sql.type(MarkedRow)`
      WITH access AS (${threadAccess(userId, path, 'forum:read')}),
      wanted AS (
        SELECT access.thread_id, access.last_post_number,
               CASE WHEN ${postId === null} THEN access.last_post_number ELSE post.number END AS number
        FROM access
        LEFT JOIN team.forum_posts AS post ON post.forum_thread_id = access.thread_id AND post.id = ${postId}::uuid
      ),
      marked AS (
        INSERT INTO team.forum_reads AS mark (forum_thread_id, user_id, last_read_number)
        SELECT wanted.thread_id, ${userId}::text, wanted.number FROM wanted WHERE wanted.number IS NOT NULL
        ON CONFLICT (forum_thread_id, user_id) DO UPDATE
        SET last_read_number = greatest(mark.last_read_number, excluded.last_read_number), updated_at = now()
        RETURNING mark.last_read_number
      )
      SELECT greatest(wanted.last_post_number, marked.last_read_number) - marked.last_read_number AS unread_count
      FROM wanted LEFT JOIN marked ON true`);
    if (found === null) return undefined;
    return found.unreadCount === undefined ? null : { unreadCount: found.unreadCount };
  },
  async markForum(userId, path) {
    const found = await connection.maybeOne(sql.type(AccessRow)`
      WITH access AS (${forumAccess(userId, path, 'forum:read')}),
      marked AS (
        INSERT INTO team.forum_reads AS mark (forum_thread_id, user_id, last_read_number)
        SELECT thread.id, ${userId}::text, thread.last_post_number
        FROM access JOIN team.forum_threads AS thread ON thread.forum_id = access.forum_id AND thread.deleted_at IS NULL
        ON CONFLICT (forum_thread_id, user_id) DO UPDATE
        SET last_read_number = excluded.last_read_number, updated_at = now()
        WHERE mark.last_read_number < excluded.last_read_number
      )
      SELECT true AS is_visible FROM access`);
    return found !== null;
  },
});
