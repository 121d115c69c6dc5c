import { setTimeout as pause } from 'node:timers/promises';
import { eventDestinations, type EventKind, type OutboxMessage } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';
import type { Logger } from 'pino';
import type { Publisher } from './publisher.ts';
import { createQueueRoom, type QueueRoom } from './queue-room.ts';

/** An event as it lies in the outbox. */
export interface WaitingMessage {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: unknown;
}

/** What the relay needs of a service's outbox. */
export interface OutboxPort {
  /** Events that are due, leased so that no two relays hold the same one at a time. */
  claim(options: {
    readonly ownerId: string;
    /** How many of each shard of the outbox. */
    readonly shardMax: number;
    readonly leaseSeconds: number;
    /** Every kind where not given. */
    readonly kinds?: readonly string[];
  }): Promise<readonly WaitingMessage[]>;
  markPublished(ids: readonly string[]): Promise<void>;
  /** They are due again after the delay. */
  release(ids: readonly string[], delaySeconds: number): Promise<void>;
  publishedBefore(ageSeconds: number, limit: number): Promise<readonly { readonly id: string; readonly kind: string }[]>;
  republish(ids: readonly string[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

export interface RelayParts {
  readonly outbox: OutboxPort;
  readonly publisher: Pick<Publisher, 'publish' | 'oldestWaitingSeconds' | 'depth'>;
  /** What this service puts into its outbox. */
  readonly kinds: readonly EventKind[];
  /** Names this process in the leases that it takes. */
  readonly ownerId: string;
  /** Asks the service that takes a kind which of these events it does not have. */
  readonly confirm: (kind: EventKind, ids: readonly string[]) => Promise<readonly string[]>;
  /** While false nothing is done: the outbox cannot be read. */
  readonly isReady: () => boolean;
  readonly log: Logger;
  /** Time that an event has to travel before its destination is asked for it; 10 s where not given. */
  readonly confirmAfterSeconds?: number;
  /** How often published events are confirmed; 5,000 ms where not given. */
  readonly sweepEveryMs?: number;
  /** Jobs of a kind that may wait in the queue; 2,000 where not given, of at most a hundred events. */
  readonly waitingJobsMax?: number;
}

export interface Relay {
  /** An event was committed: publishes at once instead of at the next look. */
  nudge(): void;
  /** Finishes the batch in flight and stops. */
  close(): Promise<void>;
}

/** Of a shard at once; a claim of fewer leaves nothing behind that was due. */
const shardMax = 100;
/** Longer than publishing a batch may take; after it another relay takes the events of one that died. */
const leaseSeconds = 15;
const lookEveryMs = 200;
/** After something was published: what is committed meanwhile goes together. A first change after a while does not wait. */
const gatherMs = 25;
const afterErrorMs = 1_000;
const releaseDelaySeconds = 1;
/** An event of a kind that nobody takes is looked at again after this. */
const unknownDelaySeconds = 3_600;

const defaults = { sweepEveryMs: 5_000, confirmAfterSeconds: 10, waitingJobsMax: 2_000 };
const confirmedAtOnceMax = 1_000;

/**
 * Brings events from the outbox to the queue, and removes an event only when its destination confirms that it is
 * stored there. What the destination lacks is published again: a queue that lost everything loses no event.
 */
export const createRelay = (parts: RelayParts): Relay => {
  const { isReady, log, kinds, publisher } = parts;
  const room = createQueueRoom({ publisher, kinds, jobsMax: parts.waitingJobsMax ?? defaults.waitingJobsMax, log });
  const publishing = repeat({
    everyMs: lookEveryMs,
    afterErrorMs,
    task: async () => {
      const isBusy = await publishDue(parts, room);
      if (isBusy) await pause(gatherMs);
    },
    onError: (error) => log.warn({ err: error }, 'events wait in the outbox: they cannot be published'),
    onRecovered: () => log.info('events are published again'),
  });
  const sweeping = repeat({
    everyMs: parts.sweepEveryMs ?? defaults.sweepEveryMs,
    task: async () => {
      while (isReady() && (await sweep(parts)) === confirmedAtOnceMax);
    },
    onError: (error) => log.warn({ err: error }, 'published events stay in the outbox: they cannot be confirmed'),
    onRecovered: () => log.info('published events are confirmed again'),
  });
  return {
    nudge: publishing.nudge,
    close: async () => {
      await Promise.all([publishing.stop(), sweeping.stop()]);
    },
  };
};

/** Publishes until fewer are due than a shard may give; answers whether there were any. */
const publishDue = async (parts: RelayParts, room: QueueRoom): Promise<boolean> => {
  let count = 0;
  let last = shardMax;
  while (last >= shardMax && parts.isReady()) {
    last = await publishBatch(parts, await room.open());
    count += last;
  }
  return count > 0;
};

/** Publishes one batch; answers how many events it held. */
const publishBatch = async (
  { outbox, publisher, ownerId, kinds, log }: RelayParts,
  open: readonly EventKind[],
): Promise<number> => {
  if (open.length === 0) return 0;
  // Kinds that nobody knows are claimed too, and told of, while no queue is full.
  const claimed = await outbox.claim({
    ownerId,
    shardMax,
    leaseSeconds,
    ...(open.length === kinds.length ? {} : { kinds: open }),
  });
  for (const [kind, messages] of Map.groupBy(claimed, (message) => message.kind)) {
    const ids = messages.map(({ id }) => id);
    if (!isKnown(kind)) {
      log.error({ kind, ids }, 'nobody takes events of this kind; they stay in the outbox');
      await outbox.release(ids, unknownDelaySeconds);
      continue;
    }
    try {
      await publisher.publish(kind, messages.map(toMessage));
    } catch (error) {
      await outbox.release(ids, releaseDelaySeconds);
      throw error;
    }
    await outbox.markPublished(ids);
  }
  return claimed.length;
};

/**
 * What was published after the oldest job that still waits may be on its way, however long that takes after an outage: only
 * what should have been taken before is asked for, or a long queue would be filled again and again.
 */
const travelSeconds = async ({
  publisher,
  kinds,
  confirmAfterSeconds = defaults.confirmAfterSeconds,
}: RelayParts): Promise<number> => {
  const waiting = await Promise.all(kinds.map((kind) => publisher.oldestWaitingSeconds(kind)));
  return confirmAfterSeconds + Math.max(...waiting);
};

/** Asks for the oldest published events; answers how many there were. */
const sweep = async (parts: RelayParts): Promise<number> => {
  const { outbox, confirm, log } = parts;
  const published = await outbox.publishedBefore(await travelSeconds(parts), confirmedAtOnceMax);
  for (const [kind, events] of Map.groupBy(published, (event) => event.kind)) {
    if (!isKnown(kind)) continue;
    const missing = new Set(
      await confirm(
        kind,
        events.map(({ id }) => id),
      ),
    );
    const stored = events.filter(({ id }) => !missing.has(id));
    if (missing.size > 0) log.warn({ kind, count: missing.size }, 'published events did not arrive: publishing them again');
    await outbox.republish([...missing]);
    await outbox.remove(stored.map(({ id }) => id));
  }
  return published.length;
};

const isKnown = (kind: string): kind is EventKind => Object.hasOwn(eventDestinations, kind);

const toMessage = ({ id, kind, occurredAt, payload }: WaitingMessage): OutboxMessage =>
  ({ id, kind, occurredAt, payload }) as OutboxMessage;
