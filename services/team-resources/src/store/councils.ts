import { communityRoles, type Council } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { NamedFilter } from '../core/community-resource.ts';
import type { CouncilStore } from '../core/councils.ts';
import { accessIncludes, communityAccess } from './access.ts';
import { afterSorted, claimKey, containsText, earlierJoin, outboxInsert, sortedBy, timestamp, visibleRows } from './fragments.ts';
import { councils, idempotencyKeys, resourceMemberships } from './tables.ts';

const Role = Type.Enum([...communityRoles]);
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
const computed = { createdByName: Type.String(), memberCount: Type.Integer(), isMember: Type.Boolean() };
/** Left-joined to the CTE `access`: one row without a council means that the list is empty. */
const ListedRow = row(
  [leftJoined(councils)],
  Type.Partial(Type.Object(fields)).properties,
  Type.Partial(Type.Object(computed)).properties,
);
const FoundRow = row([councils, resourceMemberships], { ...fields, role: Role }, { ...computed, isDeleted: Type.Boolean() });
const TargetRow = row([resourceMemberships, leftJoined(idempotencyKeys)], {
  role: Role,
  requestHash: Type.Optional(Type.String()),
  answer: Type.Optional(Type.Object({ body: Type.Unknown() })),
});
const SavedRow = row([councils], { id: Type.String() });

/** The columns of a council as the user sees it, with its creator's name and its members counted. */
const columnsFor = (userId: string): Fragment => sql.fragment`
  council.id, council.community_id, council.name, council.description, council.created_by, council.version, council.created_at,
  council.updated_at, COALESCE(creator.display_name, '') AS created_by_name,
  (
    SELECT count(*)::int8 FROM team.resource_memberships AS m
    WHERE m.resource_id = council.id AND m.resource_type = 'council' AND m.deleted_at IS NULL
  ) AS member_count,
  EXISTS (
    SELECT 1 FROM team.resource_memberships AS m
    WHERE m.resource_id = council.id AND m.resource_type = 'council' AND m.user_id = ${userId} AND m.deleted_at IS NULL
  ) AS is_member`;

const creatorJoin = sql.fragment`LEFT JOIN team.app_users AS creator ON creator.id = council.created_by`;

const table = sql.fragment`council`;
const listed = sql.fragment`listed`;

const inState = (state: NamedFilter['state']): Fragment =>
  state === 'deleted'
    ? sql.fragment`council.deleted_at IS NOT NULL AND ${accessIncludes('council:delete')}`
    : sql.fragment`council.deleted_at IS NULL`;

const reads = (connection: Connection): Pick<CouncilStore, 'list' | 'find' | 'findCreateTarget'> => ({
  async list(userId, communityId, { page, q, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'council:read')})
      SELECT listed.id, listed.community_id, listed.name, listed.description, listed.created_by, listed.version,
             listed.created_at, listed.updated_at, listed.created_by_name, listed.member_count, listed.is_member
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columnsFor(userId)}
        FROM team.councils AS council ${creatorJoin}
        WHERE council.community_id = ${communityId}::uuid AND ${inState(state)}
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
      ${creatorJoin}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...item } = found;
    return { item, isDeleted, role };
  },
  async findCreateTarget(userId, communityId, key) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${communityAccess(userId, communityId, 'council:read')})
      SELECT access.role, earlier.request_hash, earlier.answer FROM access ${earlierJoin(userId, key)}`);
    if (found === null) return undefined;
    const { role, requestHash, answer } = found;
    return { role, earlier: requestHash === undefined ? null : { requestHash, body: answer?.body } };
  },
});

export const createCouncils = (connection: Connection): CouncilStore => ({
  ...reads(connection),
  async insert({ id, communityId, name, description, createdAt }, { userId, permission, event }, remembered) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.councils (id, community_id, name, description, created_by, version, created_at, updated_at)
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
        UPDATE team.councils AS c
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
