import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { ChangeStore } from '../core/changes.ts';
import { membershipIncludes } from './access.ts';
import { timestamp } from './fragments.ts';
import { activities } from './tables.ts';

const HeardRow = row(
  [activities],
  { communityId: Type.String(), occurredAt: Type.String() },
  { listenerId: Type.String(), eventId: Type.String(), type: Type.String(), resource: Type.String() },
);

const membership = sql.fragment`membership`;

/** The condition that the listener may hear of every change in the community now. */
const hearsAll = sql.fragment`
  membership.deleted_at IS NULL AND community.deleted_at IS NULL AND ${membershipIncludes(membership, 'activity:read')}`;

/**
 * The condition that the activity `a` may be what took the community from the listener: what was done to their own membership or to their own role, and the
 * deletion of the community.
 */
const tookAccess = sql.fragment`
  (a.resource_type = 'member' AND a.resource_id = listener.user_id)
  OR (membership.deleted_at IS NULL AND (
    a.action = 'community.delete' OR (a.resource_type = 'own-role' AND a.resource_id = membership.own_role_id::text)
  ))`;

/** Changes are the activities: they are written by the statement of the change, and removed after a while. */
export const createChanges = (connection: Connection): ChangeStore => ({
  async since(listenerIds, at, limit) {
    const rows = await connection.any(sql.type(HeardRow)`
      SELECT listener.user_id AS listener_id, a.id AS event_id, a.community_id, a.resource_type AS type, a.resource_id AS resource, a.occurred_at
      FROM unnest(${sql.array([...listenerIds], 'text')}) AS listener (user_id)
      JOIN team.resource_memberships AS membership ON membership.user_id = listener.user_id AND membership.resource_type = 'community'
      JOIN team.communities AS community ON community.id = membership.resource_id
      JOIN team.activities AS a ON a.community_id = community.id AND a.is_shown AND a.occurred_at >= ${timestamp(at)}
      WHERE (${hearsAll}) OR ${tookAccess}
      ORDER BY a.occurred_at, a.id LIMIT ${limit}`);
    return rows.map(({ resource: id, ...heard }) => ({ ...heard, id }));
  },
});
