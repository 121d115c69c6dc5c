import type { OutboxMessage } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';
import { activityOf, type NewActivity } from '../core/activities.ts';

const valuesOf = ({ id, communityId, userId, action, resource, isShown, isContribution, occurredAt }: NewActivity) => [
  id,
  communityId,
  userId,
  action,
  resource.type,
  resource.id,
  resource.name ?? null,
  isShown,
  isContribution,
  occurredAt,
];

const columnTypes = ['uuid', 'uuid', 'text', 'text', 'text', 'text', 'text', 'bool', 'bool', 'timestamptz'];

/** The activities of events for which `when` holds, as an insert that is a piece of a larger statement. Undefined when none of the events is one. `done.id` is that of the event. */
export const activityInsert = (events: readonly OutboxMessage[], when: Fragment): Fragment | undefined => {
  const done = events
    .map((event) => (event.kind === 'audit' ? activityOf(event) : undefined))
    .filter((each) => each !== undefined);
  if (done.length === 0) return undefined;
  return sql.fragment`
    INSERT INTO team.activities
      (id, community_id, user_id, action, resource_type, resource_id, resource_name, is_shown, is_contribution, occurred_at)
    SELECT done.id, done.community_id, done.user_id, done.action, done.resource_type, done.resource_id, done.resource_name, done.is_shown,
           done.is_contribution, done.occurred_at
    FROM ${sql.unnest(done.map(valuesOf), columnTypes)} AS done
      (id, community_id, user_id, action, resource_type, resource_id, resource_name, is_shown, is_contribution, occurred_at)
    WHERE ${when}`;
};
