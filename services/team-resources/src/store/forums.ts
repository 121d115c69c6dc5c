import type { ForumSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { ForumStore } from '../core/forums.ts';
import { communityAccess } from './access.ts';
import { findTarget } from './create-target.ts';
import { afterTime } from './forum-fragments.ts';
import { containsText, createdByName, creatorJoin, isInState, timestamp, visibleRows } from './fragments.ts';
import { namedColumns, partial, Role } from './rows.ts';
import { forums, resourceMemberships } from './tables.ts';
import { insertOnce, saveNamed } from './writes.ts';

const counts = { threadCount: Type.Integer(), unreadThreadCount: Type.Integer(), lastPostAt: Type.String() };
/** Left-joined to the CTE `access`: one row without a forum means that the list is empty. */
const ListedRow = row([leftJoined(forums)], partial(namedColumns), partial({ createdByName: Type.String(), ...counts }));
const FoundRow = row(
  [forums, resourceMemberships],
  { ...namedColumns, role: Role },
  { createdByName: Type.String(), isDeleted: Type.Boolean() },
);

const table = sql.fragment`forum`;

const columns = sql.fragment`forum.id, forum.community_id, forum.name, forum.description, forum.created_by,
  ${createdByName}, forum.version, forum.created_at, forum.updated_at`;

/** The threads of the forum, counted for the user. */
const countsJoin = (userId: string) => sql.fragment`
  CROSS JOIN LATERAL (
    SELECT count(*) AS thread_count, max(thread.last_post_at) AS last_post_at,
           count(*) FILTER (WHERE thread.last_post_number > coalesce(mark.last_read_number, 0)) AS unread_thread_count
    FROM team.forum_threads AS thread
    LEFT JOIN team.forum_reads AS mark ON mark.forum_thread_id = thread.id AND mark.user_id = ${userId}
    WHERE thread.forum_id = forum.id AND thread.deleted_at IS NULL
  ) AS counts`;

type Listed = Omit<ForumSummary, 'lastPostAt'> & { readonly lastPostAt?: string };

const list =
  (connection: Connection): ForumStore['list'] =>
  async (userId, communityId, filter, { limit, after }) => {
    const isRising = filter.sort === 'oldest';
    const order = isRising ? sql.fragment`created_at, id` : sql.fragment`created_at DESC, id DESC`;
    const isAfter = afterTime(sql.fragment`forum.created_at`, sql.fragment`forum.id`, isRising, after);
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'forum:read')}),
      listed AS (
        SELECT ${columns} FROM access
        JOIN team.forums AS forum ON forum.community_id = access.community_id
        ${creatorJoin(table)}
        WHERE ${isInState(table, filter.state, 'forum:delete')} AND ${containsText(sql.fragment`forum.name`, filter.text)} AND ${isAfter}
        ORDER BY ${isRising ? sql.fragment`forum.created_at, forum.id` : sql.fragment`forum.created_at DESC, forum.id DESC`}
        LIMIT ${limit}
      ),
      counted AS (
        SELECT forum.id, forum.community_id, forum.name, forum.description, forum.created_by, forum.created_by_name, forum.version,
               forum.created_at, forum.updated_at, counts.thread_count, counts.unread_thread_count, counts.last_post_at
        FROM listed AS forum ${countsJoin(userId)}
      )
      SELECT counted.id, counted.community_id, counted.name, counted.description, counted.created_by, counted.created_by_name,
             counted.version, counted.created_at, counted.updated_at, counted.thread_count, counted.unread_thread_count,
             counted.last_post_at
      FROM access LEFT JOIN counted ON true
      ORDER BY ${order}`);
    return visibleRows<Listed>(rows)?.map(({ lastPostAt, ...forum }) => ({ ...forum, lastPostAt: lastPostAt ?? null }));
  };

export const createForums = (connection: Connection): ForumStore => ({
  list: list(connection),
  async find(userId, { communityId, forumId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'forum:read')})
      SELECT ${columns}, access.role, forum.deleted_at IS NOT NULL AS is_deleted
      FROM access
      JOIN team.forums AS forum ON forum.community_id = access.community_id AND forum.id = ${forumId}::uuid
      ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...item } = found;
    return { item, role, isDeleted };
  },
  findCreateTarget: (userId, communityId, key) =>
    findTarget(connection, communityAccess(userId, communityId, 'forum:read'), userId, key),
  insert: ({ id, communityId, name, description, createdAt }, write, remembered) =>
    insertOnce(connection, write, remembered, {
      access: communityAccess(write.userId, communityId, write.permission),
      insert: sql.fragment`
        INSERT INTO team.forums (id, community_id, name, description, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${name}::text, ${description}::text, ${write.userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    }),
  save: saveNamed(connection, 'forums'),
});
