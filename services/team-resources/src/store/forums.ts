import { communityRoles, type ForumSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { ForumFilter, ForumStore } from '../core/forums.ts';
import { accessIncludes, communityAccess } from './access.ts';
import { afterTime, TargetRow, toTarget } from './forum-fragments.ts';
import { claimKey, containsText, earlierJoin, outboxInsert, timestamp, visibleRows } from './fragments.ts';
import { forums, resourceMemberships } from './tables.ts';

const fields = {
  id: Type.String(),
  communityId: Type.String(),
  name: Type.String(),
  description: Type.String(),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
/** Left-joined to the CTE `access`: one row without a forum means that the list is empty. */
const ListedRow = row([leftJoined(forums)], Type.Partial(Type.Object(fields)).properties, {
  createdByName: Type.Optional(Type.String()),
  threadCount: Type.Optional(Type.Integer()),
  unreadThreadCount: Type.Optional(Type.Integer()),
  lastPostAt: Type.Optional(Type.String()),
});
const FoundRow = row(
  [forums, resourceMemberships],
  { ...fields, role: Type.Enum([...communityRoles]) },
  {
    createdByName: Type.String(),
    isDeleted: Type.Boolean(),
  },
);
const SavedRow = row([forums], { id: Type.String() });

const columns = sql.fragment`forum.id, forum.community_id, forum.name, forum.description, forum.created_by,
  coalesce(creator.display_name, '') AS created_by_name, forum.version, forum.created_at, forum.updated_at`;
const creatorJoin = sql.fragment`LEFT JOIN team.app_users AS creator ON creator.id = forum.created_by`;

/** The threads of the forum, counted for the user. */
const countsJoin = (userId: string) => sql.fragment`
  CROSS JOIN LATERAL (
    SELECT count(*) AS thread_count, max(thread.last_post_at) AS last_post_at,
           count(*) FILTER (WHERE thread.last_post_number > coalesce(mark.last_read_number, 0)) AS unread_thread_count
    FROM team.forum_threads AS thread
    LEFT JOIN team.forum_reads AS mark ON mark.forum_thread_id = thread.id AND mark.user_id = ${userId}
    WHERE thread.forum_id = forum.id AND thread.deleted_at IS NULL
  ) AS counts`;

const isInState = ({ state }: ForumFilter) =>
  state === null
    ? sql.fragment`forum.deleted_at IS NULL`
    : sql.fragment`forum.deleted_at IS NOT NULL AND ${accessIncludes('forum:delete')}`;

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
        ${creatorJoin}
        WHERE ${isInState(filter)} AND ${containsText(sql.fragment`forum.name`, filter.text)} AND ${isAfter}
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
      ${creatorJoin}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...item } = found;
    return { item, role, isDeleted };
  },
  async findCreateTarget(userId, communityId, key) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${communityAccess(userId, communityId, 'forum:read')})
      SELECT access.role, earlier.request_hash, earlier.answer FROM access ${earlierJoin(userId, key)}`);
    return found === null ? undefined : toTarget(found);
  },
  async insert({ id, communityId, name, description, createdAt }, { userId, permission, event }, remembered) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.forums (id, community_id, name, description, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${name}::text, ${description}::text, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
  async save({ id, communityId, name, description, version, updatedAt }, isDeleted, { userId, permission, event }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, permission)}),
      saved AS (
        UPDATE team.forums AS changed
        SET name = ${name}, description = ${description}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE changed.id = ${id}::uuid AND changed.community_id = access.community_id AND changed.version = ${version - 1}::int8
        RETURNING changed.id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
});
