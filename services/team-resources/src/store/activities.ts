import type { Activity } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { ActivityStore } from '../core/activities.ts';
import { timestamp } from './fragments.ts';
import { activities } from './tables.ts';
import { scoredAccess, seesWealth } from './wealth-access.ts';
import { seesRequest } from './wealth-requests.ts';
import { omitUndefined } from '@guildhall/resources';

/** Left-joined to the CTE `access`: one row without an activity means that there is none. */
const ListedRow = row(
  [leftJoined(activities)],
  {
    id: Type.Optional(Type.String()),
    userId: Type.Optional(Type.String()),
    action: Type.Optional(Type.String()),
    resourceType: Type.Optional(Type.String()),
    resourceId: Type.Optional(Type.String()),
    resourceName: Type.Optional(Type.String()),
    occurredAt: Type.Optional(Type.String()),
  },
  { displayName: Type.Optional(Type.String()) },
);

const ofUser = (userId: string | undefined): Fragment =>
  userId === undefined ? sql.fragment`true` : sql.fragment`a.user_id = ${userId}`;

/** The id of the resource of the activity `a`, if it is of a type; null otherwise. No other id is read as a UUID. */
const idOf = (type: string): Fragment => sql.fragment`CASE WHEN a.resource_type = ${type} THEN a.resource_id::uuid END`;

/** The condition that the user of the CTE `access` sees what the activity `a` was done to, by the rules of its own lists. */
const seesResource = (userId: string): Fragment => sql.fragment`(
  a.resource_type NOT IN ('wealth', 'wealth-request')
  OR EXISTS (SELECT 1 FROM team.wealth AS w WHERE w.id = ${idOf('wealth')} AND ${seesWealth(userId)})
  OR EXISTS (
    SELECT 1 FROM team.wealth_requests AS request JOIN team.wealth AS w ON w.id = request.wealth_id
    WHERE request.id = ${idOf('wealth-request')} AND ${seesWealth(userId)} AND ${seesRequest(userId)}
  ))`;

const toActivity = (found: Partial<Activity> & Partial<Record<'resourceType' | 'resourceId' | 'resourceName', string>>) => {
  const { id, occurredAt, userId, displayName = '', action, resourceType, resourceId, resourceName } = found;
  if (id === undefined || occurredAt === undefined || userId === undefined) return undefined;
  if (action === undefined || resourceType === undefined || resourceId === undefined) return undefined;
  const name = omitUndefined({ name: resourceName });
  return { id, occurredAt, userId, displayName, action, resource: { type: resourceType, id: resourceId, ...name } };
};

export const createActivities = (connection: Connection): ActivityStore => ({
  async list(callerId, communityId, { page: { limit, after }, userId }) {
    const isAfter =
      after === null
        ? sql.fragment`true`
        : sql.fragment`(a.occurred_at, a.id) < (${timestamp(after.createdAt)}, ${after.id}::uuid)`;
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS MATERIALIZED (${scoredAccess(callerId, communityId, 'activity:read')})
      SELECT listed.id, listed.user_id, listed.display_name, listed.action, listed.resource_type, listed.resource_id,
             listed.resource_name, listed.occurred_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT a.id, a.user_id, app_user.display_name, a.action, a.resource_type, a.resource_id, a.resource_name, a.occurred_at
        FROM team.activities AS a
        LEFT JOIN team.app_users AS app_user ON app_user.id = a.user_id
        WHERE a.community_id = ${communityId}::uuid AND a.is_shown AND ${seesResource(callerId)} AND ${ofUser(userId)} AND ${isAfter}
        ORDER BY a.occurred_at DESC, a.id DESC LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.occurred_at DESC, listed.id DESC`);
    return rows.length === 0 ? undefined : rows.map(toActivity).filter((activity) => activity !== undefined);
  },
  async purgeDoneBefore(at, limit) {
    const { rowCount } = await connection.query(sql.unsafe`
      DELETE FROM team.activities
      WHERE id IN (
        SELECT old.id FROM team.activities AS old JOIN team.communities AS community ON community.id = old.community_id
        WHERE old.occurred_at < ${timestamp(at)}
          AND (NOT old.is_contribution OR old.occurred_at < now() - community.non_contribution_threshold_days * interval '1 day')
        ORDER BY old.occurred_at LIMIT ${limit}
      )`);
    return rowCount;
  },
});
