import type { AuditPayload } from '@guildhall/contracts';
import type { startOutboxRelay } from '@guildhall/events';
import { activityOf, type ActivityStore } from '../core/activities.ts';

type Outbox = Parameters<typeof startOutboxRelay>[0]['outbox'];

/**
 * An outbox that records what members did when their audit events are claimed, before they are published. Idempotent by event
 * id, so that an event that is claimed again is recorded once. The changes themselves pay nothing for it.
 */
export const recordingActivities = (outbox: Outbox, activities: Pick<ActivityStore, 'record'>): Outbox => ({
  ...outbox,
  claim: async (options) => {
    const claimed = await outbox.claim(options);
    const audited = claimed.filter(({ kind }) => kind === 'audit');
    const events = audited.map(({ id, occurredAt, payload }) => ({ id, occurredAt, payload: payload as AuditPayload }));
    await activities.record(events.map(activityOf).filter((activity) => activity !== undefined));
    return claimed;
  },
});
