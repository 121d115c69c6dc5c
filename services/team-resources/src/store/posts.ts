import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { PostFilter, PostStore, WholePost } from '../core/posts.ts';
import { accessIncludes } from './access.ts';
import { findTarget } from './create-target.ts';
import { threadAccess } from './forum-fragments.ts';
import { claimKey, createdByName, creatorJoin, recordEvents, timestamp, visibleRows } from './fragments.ts';
import { partial, Role, versionedColumns } from './rows.ts';
import { forumPosts, resourceMemberships } from './tables.ts';
import { compareAndSwap } from './writes.ts';

const stored = { ...versionedColumns, content: Type.String() };
const deletion = partial({ deletedAt: Type.String(), deletedBy: Type.String(), deletionReason: Type.String() });
const named = { threadId: Type.String(), createdByName: Type.String() };
/** Left-joined to the CTE `access`: one row without a post means that the page is empty. */
const ListedRow = row(
  [leftJoined(forumPosts)],
  { ...partial({ ...stored, number: Type.Integer() }), ...deletion },
  partial({ ...named, isUnread: Type.Boolean() }),
);
const FoundRow = row([forumPosts, resourceMemberships], { ...stored, ...deletion, role: Role }, named);
const SavedRow = row([forumPosts], { id: Type.String() });

const columns = sql.fragment`post.id, post.forum_thread_id AS thread_id, post.content, post.created_by,
  ${createdByName}, post.version, post.created_at, post.updated_at, post.deleted_at,
  post.deleted_by, post.deletion_reason`;
const table = sql.fragment`post`;

interface Gone {
  readonly deletedAt?: string;
  readonly deletedBy?: string;
  readonly deletionReason?: string;
}

const toPost = <P extends Omit<WholePost, 'deletion'>>({ deletedAt: at, deletedBy: by, deletionReason, ...post }: P & Gone) => ({
  ...post,
  deletion: at === undefined || by === undefined ? null : { at, by, reason: deletionReason ?? null },
});

const isListed = ({ state }: PostFilter, userId: string): Fragment =>
  state === null
    ? sql.fragment`true`
    : sql.fragment`post.deleted_at IS NOT NULL AND (${accessIncludes('forum:moderate')}
        OR (post.created_by = ${userId} AND post.deleted_by = ${userId}))`;

const list =
  (connection: Connection): PostStore['list'] =>
  async (userId, path, filter, { limit, after }) => {
    const isRising = filter.sort === 'oldest';
    const isAfter = isRising ? sql.fragment`post.number > ${after}::int8` : sql.fragment`post.number < ${after}::int8`;
    const order = isRising ? sql.fragment`number` : sql.fragment`number DESC`;
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${threadAccess(userId, path, 'forum:read')})
      SELECT listed.id, listed.thread_id, listed.content, listed.created_by, listed.created_by_name, listed.version,
             listed.created_at, listed.updated_at, listed.deleted_at, listed.deleted_by, listed.deletion_reason, listed.number,
             listed.is_unread
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columns}, post.number, post.number > coalesce(mark.last_read_number, 0) AS is_unread
        FROM team.forum_posts AS post
        LEFT JOIN team.forum_reads AS mark ON mark.forum_thread_id = access.thread_id AND mark.user_id = ${userId}
        ${creatorJoin(table)}
        WHERE post.forum_thread_id = access.thread_id AND ${isListed(filter, userId)}
          AND ${after === null ? sql.fragment`true` : isAfter}
        ORDER BY post.${order} LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.${order}`);
    type Listed = Omit<WholePost, 'deletion'> & Gone & { readonly number: number; readonly isUnread: boolean };
    return visibleRows<Listed>(rows)?.map(toPost<Listed>);
  };

/**
 * The statement takes the next number by changing the thread, so that posts to one thread come one after the other. The thread is locked
 * before the key is claimed: of a thread that is deleted meanwhile, no key is used up.
 */
const insert =
  (connection: Connection): PostStore['insert'] =>
  async ({ id, content, createdAt }, { path, userId, event }, remembered) => {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${threadAccess(userId, path, 'forum:post')}),
      locked AS (
        SELECT thread.id FROM team.forum_threads AS thread
        WHERE thread.id = ${path.threadId}::uuid AND thread.deleted_at IS NULL AND EXISTS (SELECT 1 FROM access)
        FOR UPDATE
      ),
      claimed_key AS (${claimKey(userId, remembered, sql.fragment`EXISTS (SELECT 1 FROM locked)`)}),
      numbered AS (
        UPDATE team.forum_threads AS thread
        SET last_post_number = thread.last_post_number + 1, last_post_at = greatest(thread.last_post_at, ${timestamp(createdAt)})
        FROM access
        WHERE thread.id = access.thread_id AND thread.deleted_at IS NULL AND EXISTS (SELECT 1 FROM claimed_key)
        RETURNING thread.id, thread.last_post_number
      ),
      saved AS (
        INSERT INTO team.forum_posts (id, forum_thread_id, number, content, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, numbered.id, numbered.last_post_number, ${content}::text, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM numbered
        RETURNING id
      ),
      marked AS (
        UPDATE team.forum_reads AS mark SET last_read_number = numbered.last_post_number, updated_at = now()
        FROM numbered
        WHERE mark.forum_thread_id = numbered.id AND mark.user_id = ${userId}
          AND mark.last_read_number = numbered.last_post_number - 1
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  };

export const createPosts = (connection: Connection): PostStore => ({
  list: list(connection),
  async find(userId, path) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${threadAccess(userId, path, 'forum:read')})
      SELECT ${columns}, access.role
      FROM access
      JOIN team.forum_posts AS post ON post.forum_thread_id = access.thread_id AND post.id = ${path.postId}::uuid
      ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { role, ...item } = found;
    return { item: toPost(item), role };
  },
  findCreateTarget: (userId, path, key) => findTarget(connection, threadAccess(userId, path, 'forum:read'), userId, key),
  insert: insert(connection),
  save: ({ id, content, deletion: gone, version, updatedAt }, write) =>
    compareAndSwap(connection, write, {
      access: threadAccess(write.userId, write.path, 'forum:post'),
      update: sql.fragment`
        UPDATE team.forum_posts AS post
        SET content = ${content}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${gone?.at ?? null}::timestamptz, deleted_by = ${gone?.by ?? null}::text,
            deletion_reason = ${gone?.reason ?? null}::text
        FROM access
        WHERE post.id = ${id}::uuid AND post.forum_thread_id = access.thread_id AND post.version = ${version - 1}::int8
          AND (${accessIncludes('forum:moderate')} OR post.created_by = ${write.userId})
        RETURNING post.id`,
    }),
});
