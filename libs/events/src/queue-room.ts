import type { EventKind } from '@guildhall/contracts';
import type { Logger } from 'pino';
import type { Publisher } from './publisher.ts';

export interface QueueRoomParts {
  readonly publisher: Pick<Publisher, 'depth'>;
  readonly kinds: readonly EventKind[];
  /** The number of jobs of a kind that may wait. */
  readonly jobsMax: number;
  /** Called with the number of unfinished jobs of a kind, null while the queue does not say it. */
  readonly onDepth?: (kind: EventKind, jobs: number | null) => void;
  readonly log: Logger;
}

/**
 * The backpressure between queue and outbox: events of a kind whose queue is full stay in the outbox, so that a consumer that
 * is away for weeks does not fill the queue's memory.
 */
export interface QueueRoom {
  /** Returns the kinds whose queues are not full, cached for a second. Throws SERVICE_UNAVAILABLE if the queue does not answer. */
  open(): Promise<readonly EventKind[]>;
}

const rememberMs = 1_000;

export const createQueueRoom = ({ publisher, kinds, jobsMax, onDepth, log }: QueueRoomParts): QueueRoom => {
  const full = new Set<EventKind>();
  let checkedAt = -rememberMs;

  const check = async (kind: EventKind): Promise<void> => {
    const jobs = await publisher.depth(kind).catch((error: unknown) => {
      onDepth?.(kind, null);
      throw error;
    });
    onDepth?.(kind, jobs);
    const isFull = jobs >= jobsMax;
    if (isFull === full.has(kind)) return;
    if (isFull) full.add(kind);
    else full.delete(kind);
    if (isFull)
      log.warn({ kind, jobsMax }, 'the queue is full; events of this kind stay in the outbox until the consumer catches up');
    else log.info({ kind }, 'the queue has room again');
  };
  return {
    async open() {
      if (performance.now() - checkedAt >= rememberMs) {
        await Promise.all(kinds.map(check));
        checkedAt = performance.now();
      }
      return kinds.filter((kind) => !full.has(kind));
    },
  };
};
