import type { AuditStatus } from '@guildhall/contracts';
import { requireAuditReader } from '../access.ts';
import type { AuditEvents } from './audit-events.ts';
import type { Faults } from '../faults.ts';
import type { Sequencer } from '../log/sequence.ts';

/** The last check of the whole log. */
export type LastWalk = NonNullable<AuditStatus['check']>;

/** The queue that events arrive by. */
export interface ArrivingEvents {
  /** Deliveries taken by this process, repeated ones included. */
  received(): number;
  /** Jobs not done; null where there is no queue or it cannot be asked. */
  waiting(): Promise<number | null>;
}

export type OutboxDepth = AuditStatus['outboxes'][number];

/** The outboxes of the writing services. */
export interface Outboxes {
  /** Reads one entry per service; its numbers are null if it cannot be reached. Never rejects. */
  depths(requestId: string): Promise<OutboxDepth[]>;
}

export interface StatusParts {
  readonly events: Pick<AuditEvents, 'count'>;
  readonly arriving: ArrivingEvents;
  readonly outboxes: Outboxes;
  readonly sequencer: Pick<Sequencer, 'waiting'>;
  readonly lastWalk: () => LastWalk | null;
  readonly faults: Pick<Faults, 'standing'>;
}

/** Reads the status: events received, stored and still on their way. Throws FORBIDDEN. */
export type GetStatus = (permissions: readonly string[], requestId: string) => Promise<AuditStatus>;

export const createGetStatus =
  ({ events, arriving, outboxes, sequencer, lastWalk, faults }: StatusParts): GetStatus =>
  async (permissions, requestId) => {
    requireAuditReader(permissions);
    const [count, queueWaiting, depths] = await Promise.all([events.count(), arriving.waiting(), outboxes.depths(requestId)]);
    const { lastRecordedAt, ...log } = count;
    return {
      stored: log.size + log.unsequenced,
      received: arriving.received(),
      queueWaiting,
      lastRecordedAt,
      log: { ...log, waiting: sequencer.waiting() },
      outboxes: depths,
      check: lastWalk(),
      faults: [...faults.standing()],
    };
  };
