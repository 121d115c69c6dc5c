import { type CommunityPermission, type Dispute } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import { Type } from 'typebox';
import type { DisputeStore } from '../core/disputes.ts';
import { accessIncludes, callerRole, membershipIncludes, membershipOf, roleIncludes } from './access.ts';
import { toTarget } from './create-target.ts';
import { afterTime } from './forum-fragments.ts';
import { claimKey, createdByName, creatorJoin, earlierJoin, recordEvents, timestamp, visibleRows } from './fragments.ts';
import { earlierColumns, nullable, partial, Role, versionedColumns } from './rows.ts';
import { appUsers, disputes, idempotencyKeys, resourceMemberships, wealthRequests } from './tables.ts';
import { compareAndSwap } from './writes.ts';

const columns = {
  ...versionedColumns,
  reason: Type.String(),
  status: Type.Enum(['open', 'resolved', 'withdrawn']),
};
/** Null until the dispute is resolved. */
const resolution = { resolution: nullable(Type.String()), resolvedBy: nullable(Type.String()) };
const computed = partial({
  wealthId: Type.String(),
  requestId: Type.String(),
  wealthTitle: Type.String(),
  createdByName: Type.String(),
  mayResolve: Type.Boolean(),
});
/** Left-joined to the CTE `access`: one row without a dispute means that there is none. */
const ListedRow = row(
  [leftJoined(disputes), resourceMemberships],
  { ...partial(columns), ...resolution, role: Role },
  { ...computed, resolvedByName: nullable(Type.String()), communityId: Type.String() },
);
const TargetRow = row(
  [resourceMemberships, appUsers, leftJoined(wealthRequests), leftJoined(idempotencyKeys)],
  {
    role: Role,
    displayName: Type.String(),
    status: Type.Optional(Type.Enum(['pending', 'accepted', 'rejected', 'fulfilled', 'cancelled'])),
    ...earlierColumns,
  },
  { title: Type.Optional(Type.String()), hasOpenDispute: Type.Boolean() },
);
const SavedRow = row([disputes], { id: Type.String() });

const table = sql.fragment`dispute`;

/** The councils that handle the disputes of the joined `community`, as an array of their ids: those of the settings that are there. */
export const disputeCouncils: Fragment = sql.fragment`ARRAY(
  SELECT council.id FROM jsonb_array_elements_text(community.dispute_handling_councils) AS named (id)
  JOIN team.councils AS council
    ON council.id = named.id::uuid AND council.community_id = community.id AND council.deleted_at IS NULL)`;

/**
 * The condition that the user of the joined `membership` handles disputes: a member of one of these councils; where there are none,
 * who may by their role, as admins and owners may.
 */
export const handlesAmong = (councils: Fragment, userId: string | Fragment, ownRoles?: Fragment): Fragment => sql.fragment`
  CASE WHEN cardinality(${councils}) > 0
       THEN EXISTS (
         SELECT 1 FROM team.resource_memberships AS seat
         WHERE seat.resource_id = ANY(${councils}) AND seat.resource_type = 'council' AND seat.user_id = ${userId}
           AND seat.deleted_at IS NULL
       )
       ELSE ${membershipIncludes(sql.fragment`membership`, 'dispute:handle', ownRoles)} END`;

/** The condition that the user of the joined `membership` handles the disputes of the joined `community`. */
export const handlesDisputes = (userId: string): Fragment => handlesAmong(disputeCouncils, userId);

/**
 * Selects `community_id`, `role` and `handles` if the user holds the permission in the community; no row otherwise.
 */
const disputeAccess = (userId: string, communityId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT community.id AS community_id, ${callerRole}, ${handlesDisputes(userId)} AS handles
  FROM team.communities AS community
  ${membershipOf(userId)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes(permission)}`;

/** The condition that the user is a side of the `request` for the wealth `w`. */
export const isSide = (userId: string): Fragment => sql.fragment`(request.created_by = ${userId} OR w.created_by = ${userId})`;

/** The disputes of the community that the user of the CTE `access` sees. */
const seenDisputes = (userId: string, communityId: string): Fragment => sql.fragment`
  team.disputes AS dispute
  JOIN team.wealth_requests AS request ON request.id = dispute.wealth_request_id
  JOIN team.wealth AS w ON w.id = request.wealth_id
  ${creatorJoin(table)}
  LEFT JOIN team.app_users AS resolver ON resolver.id = dispute.resolved_by
  WHERE dispute.community_id = ${communityId}::uuid AND (${isSide(userId)} OR access.handles OR ${accessIncludes('dispute:handle')})`;

const columnsFor = (userId: string): Fragment => sql.fragment`
  dispute.id, w.id AS wealth_id, request.id AS request_id, w.title AS wealth_title, dispute.reason, dispute.status,
  dispute.resolution, dispute.resolved_by, resolver.display_name AS resolved_by_name, dispute.created_by, ${createdByName},
  (dispute.status = 'open' AND access.handles AND NOT ${isSide(userId)}) AS may_resolve, dispute.version, dispute.created_at,
  dispute.updated_at`;

const listedColumns = sql.fragment`
  access.role, access.community_id, found.id, found.wealth_id, found.request_id, found.wealth_title, found.reason, found.status,
  found.resolution, found.resolved_by, found.resolved_by_name, found.created_by, found.created_by_name, found.may_resolve, found.version,
  found.created_at, found.updated_at`;

const withoutRole = <T extends { readonly role: unknown }>({ role: _role, ...rest }: T): Omit<T, 'role'> => rest;

const reads = (connection: Connection): Pick<DisputeStore, 'list' | 'find' | 'findOpenTarget'> => ({
  async list(userId, communityId, { status, sort }, { limit, after }) {
    const isRising = sort === 'oldest';
    const direction = isRising ? sql.fragment`ASC` : sql.fragment`DESC`;
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS MATERIALIZED (${disputeAccess(userId, communityId, 'dispute:read')})
      SELECT ${listedColumns}
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columnsFor(userId)} FROM ${seenDisputes(userId, communityId)}
          AND ${status === undefined ? sql.fragment`true` : sql.fragment`dispute.status = ${status}`}
          AND ${afterTime(sql.fragment`dispute.created_at`, sql.fragment`dispute.id`, isRising, after)}
        ORDER BY dispute.created_at ${direction}, dispute.id ${direction} LIMIT ${limit}
      ) AS found ON true
      ORDER BY found.created_at ${direction}, found.id ${direction}`);
    return visibleRows<Dispute>(rows.map(withoutRole));
  },
  async find(userId, { communityId, disputeId }) {
    const found = await connection.maybeOne(sql.type(ListedRow)`
      WITH access AS MATERIALIZED (${disputeAccess(userId, communityId, 'dispute:read')})
      SELECT ${listedColumns}
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${columnsFor(userId)} FROM ${seenDisputes(userId, communityId)} AND dispute.id = ${disputeId}::uuid
      ) AS found ON true`);
    if (found === null) return undefined;
    return { role: found.role, dispute: visibleRows<Dispute>([withoutRole(found)])?.[0] };
  },
  async findOpenTarget(userId, { communityId, wealthId, requestId }, key) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS MATERIALIZED (${disputeAccess(userId, communityId, 'dispute:read')})
      SELECT access.role, app_user.display_name, asked.title, asked.status,
             EXISTS (SELECT 1 FROM team.disputes AS open WHERE open.wealth_request_id = asked.id AND open.status = 'open')
               AS has_open_dispute,
             earlier.request_hash, earlier.answer
      FROM access
      JOIN team.app_users AS app_user ON app_user.id = ${userId}
      LEFT JOIN LATERAL (
        SELECT request.id, request.status, w.title FROM team.wealth_requests AS request
        JOIN team.wealth AS w ON w.id = request.wealth_id AND w.community_id = access.community_id AND w.deleted_at IS NULL
        WHERE request.id = ${requestId}::uuid AND w.id = ${wealthId}::uuid AND ${isSide(userId)}
      ) AS asked ON true
      ${earlierJoin(userId, key)}`);
    const target = toTarget(found);
    if (target === undefined) return undefined;
    const { title, status, hasOpenDispute, ...rest } = target;
    return { ...rest, request: title === undefined || status === undefined ? undefined : { title, status, hasOpenDispute } };
  },
});

/** Rolls back the claimed key when the dispute cannot be opened. */
class NotOpened extends Error {}

const insert =
  ({ inTransaction }: Pick<SharedDatabase, 'inTransaction'>): DisputeStore['insert'] =>
  async ({ id, communityId, wealthId, requestId, reason, createdAt }, { userId, event }, remembered) => {
    try {
      return await inTransaction(async (tx) => {
        const saved = await tx.maybeOne(sql.type(SavedRow)`
          WITH access AS MATERIALIZED (${disputeAccess(userId, communityId, 'dispute:open')}),
          claimed_key AS (${claimKey(userId, remembered)}),
          locked AS (
            SELECT request.id FROM team.wealth_requests AS request
            WHERE request.id = ${requestId}::uuid AND request.wealth_id = ${wealthId}::uuid AND request.status = 'accepted'
              AND EXISTS (SELECT 1 FROM claimed_key)
              AND EXISTS (
                SELECT 1 FROM access JOIN team.wealth AS w ON w.community_id = access.community_id
                WHERE w.id = request.wealth_id AND w.deleted_at IS NULL AND ${isSide(userId)}
              )
            FOR UPDATE
          ),
          saved AS (
            INSERT INTO team.disputes (id, community_id, wealth_request_id, reason, status, created_by, version, created_at, updated_at)
            SELECT ${id}::uuid, ${communityId}::uuid, locked.id, ${reason}::text, 'open', ${userId}::text, 1::int8, ${timestamp(createdAt)},
                   ${timestamp(createdAt)}
            FROM locked
            ON CONFLICT (wealth_request_id) WHERE status = 'open' DO NOTHING
            RETURNING id
          ),
          ${recordEvents(event)}
          SELECT id FROM saved`);
        if (saved === null) throw new NotOpened();
        return true;
      });
    } catch (error) {
      if (error instanceof NotOpened) return false;
      throw error;
    }
  };

export const createDisputes = (database: Pick<SharedDatabase, 'connection' | 'inTransaction'>): DisputeStore => ({
  ...reads(database.connection),
  insert: insert(database),
  async end({ id, communityId, status, resolution: text, resolvedBy, version, updatedAt }, write) {
    const { userId } = write;
    const mayEnd =
      status === 'withdrawn'
        ? sql.fragment`dispute.created_by = ${userId}`
        : sql.fragment`access.handles AND NOT ${isSide(userId)}`;
    return await compareAndSwap(database.connection, write, {
      access: disputeAccess(userId, communityId, 'dispute:open'),
      update: sql.fragment`
        UPDATE team.disputes AS dispute
        SET status = ${status}, resolution = ${text}::text, resolved_by = ${resolvedBy}::text, version = ${version}::int8,
            updated_at = ${timestamp(updatedAt)}
        FROM access, team.wealth_requests AS request, team.wealth AS w
        WHERE dispute.id = ${id}::uuid AND dispute.version = ${version - 1}::int8 AND dispute.status = 'open'
          AND request.id = dispute.wealth_request_id AND w.id = request.wealth_id AND dispute.community_id = access.community_id
          AND ${mayEnd}
        RETURNING dispute.id`,
    });
  },
});
