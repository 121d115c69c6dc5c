import type { ServiceQueue } from '@guildhall/contracts';
import { countDeadLetters, type Connection, type OutboxDepth } from '@guildhall/db';

export interface QueueParts {
  readonly connection: Connection;
  readonly schema: string;
  /** Absent for a service that sends no events. */
  readonly outboxDepth?: () => Promise<OutboxDepth>;
  /** How many messages wait for this service; null where it does not know. */
  readonly arriving?: () => Promise<number | null>;
  /** Further queues of the service. */
  readonly others?: () => Promise<readonly ServiceQueue[]>;
}

/** Reads the queues of a service. Throws NOT_CONFIGURED or SHARED_DB_UNAVAILABLE. */
export type ReadQueues = () => Promise<readonly ServiceQueue[]>;

export const createReadQueues =
  ({ connection, schema, outboxDepth, arriving, others }: QueueParts): ReadQueues =>
  async () => {
    const outbox = await outboxDepth?.();
    const failed = await countDeadLetters(connection, schema);
    const inbox = { name: 'inbox' as const, waiting: (await arriving?.()) ?? null, failed, oldestSeconds: null };
    return [...(outbox === undefined ? [] : [outboxQueue(outbox)]), inbox, ...((await others?.()) ?? [])];
  };

/** The queue of an outbox. What waits in it is sent until it arrives: nothing is given up. */
const outboxQueue = ({ waiting, oldestWaitingSeconds }: OutboxDepth): ServiceQueue => ({
  name: 'outbox',
  waiting,
  failed: null,
  oldestSeconds: oldestWaitingSeconds,
});
