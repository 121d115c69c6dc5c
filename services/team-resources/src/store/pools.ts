import type { Pool } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { PoolStore } from '../core/pools.ts';
import { accessIncludes, communityAccess } from './access.ts';
import { hasCouncil, isOfCouncil } from './council-seats.ts';
import { toTarget } from './create-target.ts';
import {
  afterSorted,
  containsText,
  createdByName,
  creatorJoin,
  earlierJoin,
  isInState,
  sortedBy,
  timestamp,
  visibleRows,
} from './fragments.ts';
import { earlierColumns, namedColumns, nullable, partial, Role } from './rows.ts';
import { idempotencyKeys, pools, resourceMemberships } from './tables.ts';
import { insertOnce, saveNamed } from './writes.ts';

const columns = { ...namedColumns, unit: Type.String(), holding: Type.Integer() };
/** Null without a council. */
const council = { councilId: nullable(Type.String()) };
const computed = { createdByName: Type.String(), mayHandOut: Type.Boolean() };
/** Left-joined to the CTE `access`: one row without a pool means that the list is empty. */
const ListedRow = row([leftJoined(pools)], { ...partial(columns), ...council }, partial(computed));
const FoundRow = row(
  [pools, resourceMemberships],
  { ...columns, ...council, role: Role },
  { ...computed, isDeleted: Type.Boolean() },
);
const TargetRow = row(
  [resourceMemberships, leftJoined(idempotencyKeys)],
  { role: Role, ...earlierColumns },
  { hasCouncil: Type.Boolean() },
);

/** The columns of a pool as the user of the CTE `access` sees it, with its creator's name. */
const columnsFor = (userId: string): Fragment => sql.fragment`
  pool.id, pool.community_id, pool.council_id, pool.name, pool.description, pool.unit, pool.holding, pool.created_by,
  pool.version, pool.created_at, pool.updated_at, ${createdByName},
  (${accessIncludes('pool:hand-out')} OR ${isOfCouncil(sql.fragment`pool.council_id`, userId)}) AS may_hand_out`;

const table = sql.fragment`pool`;
const listed = sql.fragment`listed`;

const communityOfAccess = sql.fragment`access.community_id`;

const reads = (connection: Connection): Pick<PoolStore, 'list' | 'find' | 'findCreateTarget'> => ({
  async list(userId, communityId, { page, q, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'pool:read')})
      SELECT listed.id, listed.community_id, listed.council_id, listed.name, listed.description, listed.unit, listed.holding,
             listed.created_by, listed.version, listed.created_at, listed.updated_at, listed.created_by_name, listed.may_hand_out
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columnsFor(userId)}
        FROM team.pools AS pool ${creatorJoin(table)}
        WHERE pool.community_id = ${communityId}::uuid AND ${isInState(table, state, 'pool:delete')}
          AND ${containsText(sql.fragment`pool.name`, q)} AND ${afterSorted(table, page)}
        ORDER BY ${sortedBy(table, page)} LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY ${sortedBy(listed, page)}`);
    return visibleRows<Pool>(rows);
  },
  async find(userId, { communityId, poolId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'pool:read')})
      SELECT ${columnsFor(userId)}, pool.deleted_at IS NOT NULL AS is_deleted, access.role
      FROM access
      JOIN team.pools AS pool ON pool.community_id = access.community_id AND pool.id = ${poolId}::uuid
      ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...item } = found;
    return { item, isDeleted, role };
  },
  findCreateTarget: async (userId, communityId, councilId, key) =>
    toTarget(
      await connection.maybeOne(sql.type(TargetRow)`
        WITH access AS (${communityAccess(userId, communityId, 'pool:read')})
        SELECT access.role, ${hasCouncil(communityOfAccess, councilId)} AS has_council, earlier.request_hash, earlier.answer
        FROM access ${earlierJoin(userId, key)}`),
    ),
});

export const createPools = (connection: Connection): PoolStore => ({
  ...reads(connection),
  insert: ({ id, communityId, councilId, name, description, unit, createdAt }, write, remembered) =>
    insertOnce(connection, write, remembered, {
      access: communityAccess(write.userId, communityId, write.permission),
      condition: hasCouncil(communityOfAccess, councilId),
      insert: sql.fragment`
        INSERT INTO team.pools (id, community_id, council_id, name, description, unit, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${councilId}::uuid, ${name}::text, ${description}::text, ${unit}::text,
               ${write.userId}::text, 1::int8, ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    }),
  save: saveNamed(connection, 'pools'),
});
