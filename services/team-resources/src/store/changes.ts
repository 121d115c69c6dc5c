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

/** Changes are the activities: they are written by the statement of the change, and removed after a while. */
export const createChanges = (connection: Connection): ChangeStore => ({
  async since(listenerIds, at, limit) {
    const rows = await connection.any(sql.type(HeardRow)`
      SELECT listener.user_id AS listener_id, a.id AS event_id, a.community_id, a.resource_type AS type, a.resource_id AS resource, a.occurred_at
      FROM unnest(${sql.array([...listenerIds], 'text')}) AS listener (user_id)
      JOIN team.resource_memberships AS membership
        ON membership.user_id = listener.user_id AND membership.resource_type = 'community' AND membership.deleted_at IS NULL
       AND ${membershipIncludes(sql.fragment`membership`, 'activity:read')}
      JOIN team.communities AS community ON community.id = membership.resource_id AND community.deleted_at IS NULL
      JOIN team.activities AS a ON a.community_id = community.id AND a.is_shown AND a.occurred_at >= ${timestamp(at)}
      ORDER BY a.occurred_at, a.id LIMIT ${limit}`);
    return rows.map(({ resource: id, ...heard }) => ({ ...heard, id }));
  },
});
