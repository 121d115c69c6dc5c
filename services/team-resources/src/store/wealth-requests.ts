import type { WealthRequest } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { WealthRequestStore } from '../core/wealth-requests.ts';
import { toTarget } from './create-target.ts';
import { afterPosition, earlierJoin, timestamp, visibleRows } from './fragments.ts';
import { moveRequest } from './move-wealth-request.ts';
import { earlierColumns, nullable, partial, Role } from './rows.ts';
import { appUsers, idempotencyKeys, resourceMemberships, wealth, wealthRequests } from './tables.ts';
import { isOffered, scoredAccess, seesWealth, wealthStatus } from './wealth-access.ts';
import { insertOnce } from './writes.ts';

const columns = {
  id: Type.String(),
  wealthId: Type.String(),
  quantity: Type.Integer(),
  note: Type.String(),
  status: Type.Enum(['pending', 'accepted', 'rejected', 'fulfilled', 'cancelled']),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const people = { requestedBy: Type.String(), requestedByName: Type.String() };
/** Left-joined to the wealth: one row without a request means that the list is empty. */
const ListedRow = row([leftJoined(wealthRequests)], partial(columns), { ...partial(people), communityId: Type.String() });
const wealthFacts = {
  wealthCreatedBy: Type.String(),
  wealthStatus: Type.Enum(['active', 'fulfilled', 'expired', 'cancelled']),
  wealthQuantityLeft: nullable(Type.Integer()),
};
const FoundRow = row(
  [leftJoined(wealthRequests), wealth, resourceMemberships],
  { ...partial(columns), title: Type.String(), role: Role },
  { ...partial(people), ...wealthFacts },
);
const TargetRow = row(
  [wealth, resourceMemberships, appUsers, leftJoined(idempotencyKeys)],
  {
    title: Type.String(),
    role: Role,
    displayName: Type.String(),
    ...earlierColumns,
  },
  wealthFacts,
);

const requestColumns: Fragment = sql.fragment`
  request.id, request.wealth_id, request.quantity, request.note, request.status, request.version, request.created_at,
  request.updated_at, request.created_by AS requested_by, COALESCE(requester.display_name, '') AS requested_by_name`;

const factColumns: Fragment = sql.fragment`
  w.title, w.created_by AS wealth_created_by, ${wealthStatus} AS wealth_status,
  (w.quantity - w.quantity_taken)::int8 AS wealth_quantity_left, access.role`;

/** The wealth `w` that the user of the CTE `access` sees, unless it is deleted. */
const seenWealth = (userId: string, wealthId: string): Fragment => sql.fragment`
  access JOIN team.wealth AS w ON ${seesWealth(userId)} AND w.id = ${wealthId}::uuid AND w.deleted_at IS NULL`;

/** The condition that the user sees the `request`: its sides and who moderates do. */
export const seesRequest = (userId: string): Fragment =>
  sql.fragment`(request.created_by = ${userId} OR w.created_by = ${userId} OR access.sees_all)`;

const factsOf = (found: {
  readonly title: string;
  readonly wealthCreatedBy: string;
  readonly wealthStatus: 'active' | 'fulfilled' | 'expired' | 'cancelled';
  readonly wealthQuantityLeft: number | null;
}) => ({
  title: found.title,
  createdBy: found.wealthCreatedBy,
  status: found.wealthStatus,
  quantityLeft: found.wealthQuantityLeft,
});

const reads = (connection: Connection): Pick<WealthRequestStore, 'list' | 'find' | 'findCreateTarget'> => ({
  async list(userId, { communityId, wealthId }, status, { limit, after }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:read')})
      SELECT access.community_id, listed.id, listed.wealth_id, listed.quantity, listed.note, listed.status, listed.version,
             listed.created_at, listed.updated_at, listed.requested_by, listed.requested_by_name
      FROM ${seenWealth(userId, wealthId)}
      LEFT JOIN LATERAL (
        SELECT ${requestColumns}
        FROM (
          SELECT id, wealth_id, quantity, note, status, created_by, version, created_at, updated_at FROM team.wealth_requests
          WHERE wealth_id = ${wealthId}::uuid AND ${afterPosition(after)}
            AND ${status === undefined ? sql.fragment`true` : sql.fragment`status = ${status}`}
        ) AS request
        LEFT JOIN team.app_users AS requester ON requester.id = request.created_by
        WHERE ${seesRequest(userId)}
        ORDER BY request.created_at DESC, request.id DESC LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<WealthRequest>(rows);
  },
  async find(userId, { communityId, wealthId, requestId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:read')})
      SELECT ${factColumns}, ${requestColumns}
      FROM ${seenWealth(userId, wealthId)}
      LEFT JOIN team.wealth_requests AS request
        ON request.wealth_id = w.id AND request.id = ${requestId}::uuid AND ${seesRequest(userId)}
      LEFT JOIN team.app_users AS requester ON requester.id = request.created_by`);
    if (found === null) return undefined;
    const { title, role, wealthCreatedBy, wealthStatus: state, wealthQuantityLeft, ...rest } = found;
    const request = rest.id === undefined ? undefined : ({ ...rest, communityId } as WealthRequest);
    return { role, wealth: factsOf({ title, wealthCreatedBy, wealthStatus: state, wealthQuantityLeft }), request };
  },
  async findCreateTarget(userId, { communityId, wealthId }, key) {
    const found = await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:read')})
      SELECT ${factColumns}, requester.display_name, earlier.request_hash, earlier.answer
      FROM ${seenWealth(userId, wealthId)}
      JOIN team.app_users AS requester ON requester.id = ${userId}
      ${earlierJoin(userId, key)}`);
    const target = toTarget(found);
    if (target === undefined) return undefined;
    const { role, displayName, earlier } = target;
    return { role, displayName, earlier, wealth: factsOf(target) };
  },
});

/** Selects the wealth if the user may request it: it is offered, by somebody else. */
const requestableWealth = (userId: string, communityId: string, wealthId: string): Fragment => sql.fragment`
  WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:request')})
  SELECT w.id AS wealth_id FROM access
  JOIN team.wealth AS w ON ${seesWealth(userId)} AND w.id = ${wealthId}::uuid AND ${isOffered} AND w.created_by <> ${userId}`;

export const createWealthRequests = (connection: Connection): WealthRequestStore => ({
  ...reads(connection),
  insert: ({ id, communityId, wealthId, quantity, note, createdAt }, write, remembered) =>
    insertOnce(connection, write, remembered, {
      access: requestableWealth(write.userId, communityId, wealthId),
      insert: sql.fragment`
        INSERT INTO team.wealth_requests (id, wealth_id, quantity, note, status, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.wealth_id, ${quantity}::int8, ${note}::text, 'pending', ${write.userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    }),
  move: (next, move, write) => moveRequest(connection, next, move, write),
});
