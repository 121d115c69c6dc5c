import type { ThreadSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { ThreadFilter, ThreadStore } from '../core/threads.ts';
import { accessIncludes } from './access.ts';
import { findTarget } from './create-target.ts';
import { afterTime, forumAccess } from './forum-fragments.ts';
import { claimKey, containsText, createdByName, creatorJoin, recordEvents, timestamp, visibleRows } from './fragments.ts';
import { partial, Role, versionedColumns } from './rows.ts';
import { forumThreads, resourceMemberships } from './tables.ts';
import { compareAndSwap } from './writes.ts';

const fields = { ...versionedColumns, forumId: Type.String(), title: Type.String() };
/** Left-joined to the CTE `access`: one row without a thread means that the list is empty. */
const ListedRow = row(
  [leftJoined(forumThreads)],
  partial({ ...fields, lastPostAt: Type.String() }),
  partial({ createdByName: Type.String(), postCount: Type.Integer(), unreadCount: Type.Integer() }),
);
const FoundRow = row(
  [forumThreads, resourceMemberships],
  { ...fields, role: Role, lastPostNumber: Type.Integer(), deletedBy: Type.Optional(Type.String()) },
  { createdByName: Type.String(), hasOtherAuthors: Type.Boolean() },
);
const SavedRow = row([forumThreads], { id: Type.String() });

const columns = sql.fragment`thread.id, thread.forum_id, thread.title, thread.created_by,
  ${createdByName}, thread.version, thread.created_at, thread.updated_at`;
const table = sql.fragment`thread`;

const orders: Readonly<Record<ThreadFilter['sort'], (rows: Fragment) => Fragment>> = {
  active: (rows) => sql.fragment`${rows}.last_post_at DESC, ${rows}.id DESC`,
  newest: (rows) => sql.fragment`${rows}.created_at DESC, ${rows}.id DESC`,
  oldest: (rows) => sql.fragment`${rows}.created_at, ${rows}.id`,
};

const unread = sql.fragment`thread.last_post_number - coalesce(mark.last_read_number, 0)`;

/** The condition that a filter lets the `thread` through, with the read `mark` of the user. */
const isListed = ({ state, isUnread, text }: ThreadFilter, userId: string): Fragment => {
  const inState =
    state === null
      ? sql.fragment`thread.deleted_at IS NULL`
      : sql.fragment`thread.deleted_at IS NOT NULL AND (${accessIncludes('forum:moderate')}
          OR (thread.created_by = ${userId} AND thread.deleted_by = ${userId}))`;
  const isNew = isUnread ? sql.fragment`${unread} > 0` : sql.fragment`true`;
  return sql.fragment`${inState} AND ${isNew} AND ${containsText(sql.fragment`thread.title`, text)}`;
};

const list =
  (connection: Connection): ThreadStore['list'] =>
  async (userId, path, filter, { limit, after }) => {
    const { sort } = filter;
    const column = sort === 'active' ? sql.fragment`thread.last_post_at` : sql.fragment`thread.created_at`;
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${forumAccess(userId, path, 'forum:read')})
      SELECT listed.id, listed.forum_id, listed.title, listed.created_by, listed.created_by_name, listed.version, listed.created_at,
             listed.updated_at, listed.post_count, listed.unread_count, listed.last_post_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columns}, thread.last_post_number AS post_count, ${unread} AS unread_count, thread.last_post_at
        FROM team.forum_threads AS thread
        LEFT JOIN team.forum_reads AS mark ON mark.forum_thread_id = thread.id AND mark.user_id = ${userId}
        ${creatorJoin(table)}
        WHERE thread.forum_id = access.forum_id AND ${isListed(filter, userId)}
          AND ${afterTime(column, sql.fragment`thread.id`, sort === 'oldest', after)}
        ORDER BY ${orders[sort](sql.fragment`thread`)} LIMIT ${limit}
      ) AS listed ON true
      ORDER BY ${orders[sort](sql.fragment`listed`)}`);
    return visibleRows<ThreadSummary>(rows);
  };

const insert =
  (connection: Connection): ThreadStore['insert'] =>
  async ({ id, forumId, title, createdAt }, firstPost, { communityId, userId, event }, remembered) => {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${forumAccess(userId, { communityId, forumId }, 'forum:post')}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.forum_threads
          (id, forum_id, title, last_post_number, last_post_at, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.forum_id, ${title}::text, 1::int8, ${timestamp(createdAt)}, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id
      ),
      posted AS (
        INSERT INTO team.forum_posts (id, forum_thread_id, number, content, created_by, version, created_at, updated_at)
        SELECT ${firstPost.id}::uuid, saved.id, 1::int8, ${firstPost.content}::text, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM saved
      ),
      marked AS (
        INSERT INTO team.forum_reads (forum_thread_id, user_id, last_read_number) SELECT saved.id, ${userId}::text, 1::int8 FROM saved
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  };

export const createThreads = (connection: Connection): ThreadStore => ({
  list: list(connection),
  async find(userId, path) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${forumAccess(userId, path, 'forum:read')})
      SELECT ${columns}, access.role, thread.last_post_number, thread.deleted_by,
             EXISTS (
               SELECT 1 FROM team.forum_posts AS post
               WHERE post.forum_thread_id = thread.id AND post.created_by <> thread.created_by
             ) AS has_other_authors
      FROM access
      JOIN team.forum_threads AS thread ON thread.forum_id = access.forum_id AND thread.id = ${path.threadId}::uuid
      ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { role, lastPostNumber, deletedBy, hasOtherAuthors, ...item } = found;
    return { item, role, isDeleted: deletedBy !== undefined, lastPostNumber, deletedBy: deletedBy ?? null, hasOtherAuthors };
  },
  findCreateTarget: (userId, path, key) => findTarget(connection, forumAccess(userId, path, 'forum:read'), userId, key),
  insert: insert(connection),
  async save(next, { deletedBy, lastPostNumber }, write) {
    const { id, forumId, title, version, updatedAt } = next;
    const { communityId, userId } = write;
    return await compareAndSwap(connection, write, {
      access: forumAccess(userId, { communityId, forumId }, 'forum:post'),
      update: sql.fragment`
        UPDATE team.forum_threads AS thread
        SET title = ${title}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${deletedBy === null ? null : updatedAt}::timestamptz, deleted_by = ${deletedBy}::text
        FROM access
        WHERE thread.id = ${id}::uuid AND thread.forum_id = access.forum_id AND thread.version = ${version - 1}::int8
          AND (${accessIncludes('forum:moderate')}
            OR (thread.created_by = ${userId} AND (${deletedBy === null} OR thread.last_post_number = ${lastPostNumber}::int8)))
        RETURNING thread.id`,
    });
  },
});
