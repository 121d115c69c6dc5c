import type { EventKind } from '@guildhall/contracts';
import type { Logger } from 'pino';
import type { Publisher } from './publisher.ts';

export interface QueueRoomParts {
  readonly publisher: Pick<Publisher, 'depth'>;
  readonly kinds: readonly EventKind[];
  /** The number of jobs of a kind that may wait. */
  readonly jobsMax: number;
  readonly log: Logger;
}

/**
 * The backpressure between queue and outbox: events of a kind whose queue is full stay in the outbox, so that a consumer that
 * is away for weeks does not fill the queue's memory. Nothing is asked of a queue into which nothing is published.
 */
export interface QueueRoom {
  /**
   * Returns the kinds whose queues are not known to be full. A full one is asked again once a second; all are asked at first and after `doubt`. Throws
   * SERVICE_UNAVAILABLE if the queue does not answer.
   */
  open(): Promise<readonly EventKind[]>;
  /** Tells whether the queue of a kind has room, by an answer that is at most a second old. Throws SERVICE_UNAVAILABLE. */
  hasRoom(kind: EventKind): Promise<boolean>;
  /** The queue has failed: it is asked before anything is claimed for it. */
  doubt(): void;
}

const rememberMs = 1_000;

export const createQueueRoom = ({ publisher, kinds, jobsMax, log }: QueueRoomParts): QueueRoom => {
  const full = new Set<EventKind>();
  const askedAt = new Map<EventKind, number>();

  const ask = async (kind: EventKind): Promise<void> => {
    const now = performance.now();
    const isFull = (await publisher.depth(kind)) >= jobsMax;
    askedAt.set(kind, now);
    if (isFull === full.has(kind)) return;
    if (isFull) full.add(kind);
    else full.delete(kind);
    if (isFull)
      log.warn({ kind, jobsMax }, 'the queue is full; events of this kind stay in the outbox until the consumer catches up');
    else log.info({ kind }, 'the queue has room again');
  };
  const isOld = (kind: EventKind): boolean => performance.now() - (askedAt.get(kind) ?? -rememberMs) >= rememberMs;
  return {
    async open() {
      await Promise.all(kinds.filter((kind) => !askedAt.has(kind) || (full.has(kind) && isOld(kind))).map(ask));
      return kinds.filter((kind) => !full.has(kind));
    },
    async hasRoom(kind) {
      if (isOld(kind)) await ask(kind);
      return !full.has(kind);
    },
    doubt: () => askedAt.clear(),
  };
};
