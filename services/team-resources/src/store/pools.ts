import { communityRoles, type Pool } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { NamedFilter } from '../core/community-resource.ts';
import type { PoolStore } from '../core/pools.ts';
import { accessIncludes, communityAccess } from './access.ts';
import { isOfCouncil } from './council-seats.ts';
import { afterSorted, claimKey, containsText, earlierJoin, outboxInsert, sortedBy, timestamp, visibleRows } from './fragments.ts';
import { pools, idempotencyKeys, resourceMemberships } from './tables.ts';

const Role = Type.Enum([...communityRoles]);
const fields = {
  id: Type.String(),
  communityId: Type.String(),
  name: Type.String(),
  description: Type.String(),
  unit: Type.String(),
  holding: Type.Integer(),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
/** Null without a council. */
const council = { councilId: Type.Union([Type.String(), Type.Null()]) };
const computed = { createdByName: Type.String(), mayHandOut: Type.Boolean() };
/** Left-joined to the CTE `access`: one row without a pool means that the list is empty. */
const ListedRow = row(
  [leftJoined(pools)],
  { ...Type.Partial(Type.Object(fields)).properties, ...council },
  Type.Partial(Type.Object(computed)).properties,
);
const FoundRow = row(
  [pools, resourceMemberships],
  { ...fields, ...council, role: Role },
  { ...computed, isDeleted: Type.Boolean() },
);
const TargetRow = row(
  [resourceMemberships, leftJoined(idempotencyKeys)],
  {
    role: Role,
    requestHash: Type.Optional(Type.String()),
    answer: Type.Optional(Type.Object({ body: Type.Unknown() })),
  },
  { hasCouncil: Type.Boolean() },
);
const SavedRow = row([pools], { id: Type.String() });

/** The columns of a pool as the user of the CTE `access` sees it, with its creator's name. */
const columnsFor = (userId: string): Fragment => sql.fragment`
  pool.id, pool.community_id, pool.council_id, pool.name, pool.description, pool.unit, pool.holding, pool.created_by,
  pool.version, pool.created_at, pool.updated_at, COALESCE(creator.display_name, '') AS created_by_name,
  (${accessIncludes('pool:hand-out')} OR ${isOfCouncil(sql.fragment`pool.council_id`, userId)}) AS may_hand_out`;

const creatorJoin = sql.fragment`LEFT JOIN team.app_users AS creator ON creator.id = pool.created_by`;

const table = sql.fragment`pool`;
const listed = sql.fragment`listed`;

const inState = (state: NamedFilter['state']): Fragment =>
  state === 'deleted'
    ? sql.fragment`pool.deleted_at IS NOT NULL AND ${accessIncludes('pool:delete')}`
    : sql.fragment`pool.deleted_at IS NULL`;

/** The condition that the community of the CTE `access` has the council; true without one. */
const hasCouncil = (councilId: string | null): Fragment =>
  councilId === null
    ? sql.fragment`true`
    : sql.fragment`EXISTS (
        SELECT 1 FROM team.councils AS council
        WHERE council.id = ${councilId}::uuid AND council.community_id = access.community_id AND council.deleted_at IS NULL)`;

const reads = (connection: Connection): Pick<PoolStore, 'list' | 'find' | 'findCreateTarget'> => ({
  async list(userId, communityId, { page, q, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'pool:read')})
      SELECT listed.id, listed.community_id, listed.council_id, listed.name, listed.description, listed.unit, listed.holding,
             listed.created_by, listed.version, listed.created_at, listed.updated_at, listed.created_by_name, listed.may_hand_out
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columnsFor(userId)}
        FROM team.pools AS pool ${creatorJoin}
        WHERE pool.community_id = ${communityId}::uuid AND ${inState(state)}
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
      ${creatorJoin}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...item } = found;
    return { item, isDeleted, role };
  },
  async findCreateTarget(userId, communityId, councilId, key) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${communityAccess(userId, communityId, 'pool:read')})
      SELECT access.role, ${hasCouncil(councilId)} AS has_council, earlier.request_hash, earlier.answer
      FROM access ${earlierJoin(userId, key)}`);
    if (found === null) return undefined;
    const { role, hasCouncil: isThere, requestHash, answer } = found;
    return { role, hasCouncil: isThere, earlier: requestHash === undefined ? null : { requestHash, body: answer?.body } };
  },
});

export const createPools = (connection: Connection): PoolStore => ({
  ...reads(connection),
  async insert({ id, communityId, councilId, name, description, unit, createdAt }, { userId, permission, event }, remembered) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.pools (id, community_id, council_id, name, description, unit, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${councilId}::uuid, ${name}::text, ${description}::text, ${unit}::text,
               ${userId}::text, 1::int8, ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE ${hasCouncil(councilId)} AND EXISTS (SELECT 1 FROM claimed_key)
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
        UPDATE team.pools AS c
        SET name = ${name}, description = ${description}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE c.id = ${id}::uuid AND c.community_id = access.community_id AND c.version = ${version - 1}::int8
        RETURNING c.id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
});
