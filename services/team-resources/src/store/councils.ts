import type { Council } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { CouncilStore } from '../core/councils.ts';
import { communityAccess } from './access.ts';
import { findTarget } from './create-target.ts';
import {
  afterSorted,
  containsText,
  createdByName,
  creatorJoin,
  isInState,
  sortedBy,
  timestamp,
  visibleRows,
} from './fragments.ts';
import { namedColumns, partial, Role } from './rows.ts';
import { councils, resourceMemberships } from './tables.ts';
import { insertOnce, saveNamed } from './writes.ts';

const computed = { createdByName: Type.String(), memberCount: Type.Integer(), isMember: Type.Boolean() };
/** Left-joined to the CTE `access`: one row without a council means that the list is empty. */
const ListedRow = row([leftJoined(councils)], partial(namedColumns), partial(computed));
const FoundRow = row(
  [councils, resourceMemberships],
  { ...namedColumns, role: Role },
  { ...computed, isDeleted: Type.Boolean() },
);

/** The columns of a council as the user sees it, with its creator's name and its members counted. */
const columnsFor = (userId: string): Fragment => sql.fragment`
  council.id, council.community_id, council.name, council.description, council.created_by, council.version, council.created_at,
  council.updated_at, ${createdByName},
  (
    SELECT count(*)::int8 FROM team.resource_memberships AS m
    WHERE m.resource_id = council.id AND m.resource_type = 'council' AND m.deleted_at IS NULL
  ) AS member_count,
  EXISTS (
    SELECT 1 FROM team.resource_memberships AS m
    WHERE m.resource_id = council.id AND m.resource_type = 'council' AND m.user_id = ${userId} AND m.deleted_at IS NULL
  ) AS is_member`;

const table = sql.fragment`council`;
const listed = sql.fragment`listed`;

const reads = (connection: Connection): Pick<CouncilStore, 'list' | 'find' | 'findCreateTarget'> => ({
  async list(userId, communityId, { page, q, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'council:read')})
      SELECT listed.id, listed.community_id, listed.name, listed.description, listed.created_by, listed.version,
             listed.created_at, listed.updated_at, listed.created_by_name, listed.member_count, listed.is_member
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columnsFor(userId)}
        FROM team.councils AS council ${creatorJoin(table)}
        WHERE council.community_id = ${communityId}::uuid AND ${isInState(table, state, 'council:delete')}
          AND ${containsText(sql.fragment`council.name`, q)} AND ${afterSorted(table, page)}
        ORDER BY ${sortedBy(table, page)} LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY ${sortedBy(listed, page)}`);
    return visibleRows<Council>(rows);
  },
  async find(userId, { communityId, councilId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'council:read')})
      SELECT ${columnsFor(userId)}, council.deleted_at IS NOT NULL AS is_deleted, access.role
      FROM access
      JOIN team.councils AS council ON council.community_id = access.community_id AND council.id = ${councilId}::uuid
      ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...item } = found;
    return { item, isDeleted, role };
  },
  findCreateTarget: (userId, communityId, key) =>
    findTarget(connection, communityAccess(userId, communityId, 'council:read'), userId, key),
});

export const createCouncils = (connection: Connection): CouncilStore => ({
  ...reads(connection),
  insert: ({ id, communityId, name, description, createdAt }, write, remembered) =>
    insertOnce(connection, write, remembered, {
      access: communityAccess(write.userId, communityId, write.permission),
      insert: sql.fragment`
        INSERT INTO team.councils (id, community_id, name, description, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${name}::text, ${description}::text, ${write.userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    }),
  save: saveNamed(connection, 'councils'),
});
