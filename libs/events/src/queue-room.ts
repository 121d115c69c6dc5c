import type { EventKind } from '@guildhall/contracts';
import type { Logger } from 'pino';
import type { Publisher } from './publisher.ts';

export interface QueueRoomParts {
  readonly publisher: Pick<Publisher, 'depth'>;
  readonly kinds: readonly EventKind[];
  /** Jobs of a kind that may wait. */
  readonly jobsMax: number;
  readonly log: Logger;
}

/** Which queues take more: what nobody takes for weeks is not to fill the memory of the queue, it waits in the outbox. */
export interface QueueRoom {
  /** The kinds whose queues are not full, as of a second ago at most. Throws SERVICE_UNAVAILABLE when the queue does not say. */
  open(): Promise<readonly EventKind[]>;
}

const rememberMs = 1_000;

export const createQueueRoom = ({ publisher, kinds, jobsMax, log }: QueueRoomParts): QueueRoom => {
  const full = new Set<EventKind>();
  let lookedAt = -rememberMs;

  const look = async (kind: EventKind): Promise<void> => {
    const isFull = (await publisher.depth(kind)) >= jobsMax;
    if (isFull === full.has(kind)) return;
    if (isFull) full.add(kind);
    else full.delete(kind);
    if (isFull) log.warn({ kind, jobsMax }, 'the queue is full: events of this kind wait in the outbox until some are taken');
    else log.info({ kind }, 'the queue has room again');
  };
  return {
    async open() {
      if (performance.now() - lookedAt >= rememberMs) {
        await Promise.all(kinds.map(look));
        lookedAt = performance.now();
      }
      return kinds.filter((kind) => !full.has(kind));
    },
  };
};
