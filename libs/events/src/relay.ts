import { setTimeout as pause } from 'node:timers/promises';
import { eventDestinations, type EventKind, type OutboxMessage } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';
import type { Logger } from 'pino';
import type { Publisher } from './publisher.ts';
import { createQueueRoom, type QueueRoom } from './queue-room.ts';
import { eventDigest } from './signed-batch.ts';

/** An event in the outbox. */
export interface WaitingMessage {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: unknown;
}

/** The methods of a service's outbox that the relay uses. */
export interface OutboxPort {
  /** Leases due events, so that no two relays publish the same event at a time. */
  claim(options: {
    readonly ownerId: string;
    /** The largest number of events of each shard. */
    readonly shardMax: number;
    readonly leaseSeconds: number;
    /** Default: every kind. */
    readonly kinds?: readonly string[];
  }): Promise<readonly WaitingMessage[]>;
  markPublished(ids: readonly string[]): Promise<void>;
  /** Ends the lease; the events are due again after the delay. */
  release(ids: readonly string[], delaySeconds: number): Promise<void>;
  publishedBefore(ageSeconds: number, limit: number): Promise<readonly WaitingMessage[]>;
  republish(ids: readonly string[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

/** A published event, by its digest: the destination may have stored another one under the same id. */
export interface PublishedEvent {
  readonly id: string;
  readonly digest: string;
}

/** The ids of events that a destination has not confirmed. */
export interface Unconfirmed {
  readonly missing: readonly string[];
  /** The ids under which it holds another event. */
  readonly altered: readonly string[];
}

export interface RelayParts {
  readonly outbox: OutboxPort;
  readonly publisher: Pick<Publisher, 'publish' | 'oldestWaitingSeconds' | 'depth'>;
  /** The kinds of events that this service appends to its outbox. */
  readonly kinds: readonly EventKind[];
  /** Names this process in the leases that it takes. */
  readonly ownerId: string;
  /** Asks the service that takes a kind which of these events it has, exactly as they are. */
  readonly confirm: (kind: EventKind, events: readonly PublishedEvent[]) => Promise<Unconfirmed>;
  /** The relay pauses while this is false, because the outbox cannot be read. */
  readonly isReady: () => boolean;
  readonly log: Logger;
  /** The time after publishing an event before its destination is asked to confirm it. Default: 10 s. */
  readonly confirmAfterSeconds?: number;
  /** The interval at which published events are confirmed. Default: 5,000 ms. */
  readonly sweepEveryMs?: number;
  /** The number of jobs of a kind that may wait in the queue, each of at most a hundred events. Default: 2,000. */
  readonly waitingJobsMax?: number;
}

export interface Relay {
  /** Publishes at once instead of at the next poll, because an event was committed. */
  wake(): void;
  /** Finishes the batch in flight and stops. */
  close(): Promise<void>;
}

/** The events of a shard in one claim. A claim that returns fewer has taken every due event of that shard. */
const shardMax = 100;
/** Longer than publishing a batch may take. After it, another relay can claim the events of one that died. */
const leaseSeconds = 15;
const pollEveryMs = 200;
/** The pause after a batch, in which further events are gathered for the next one. The first event after a quiet time does not wait. */
const batchingMs = 25;
const afterErrorMs = 1_000;
const releaseDelaySeconds = 1;
/** An event of a kind without a consumer is due again after this time. */
const unknownDelaySeconds = 3_600;

const defaults = { sweepEveryMs: 5_000, confirmAfterSeconds: 10, waitingJobsMax: 2_000 };
const confirmedAtOnceMax = 1_000;

/**
 * The outbox relay: publishes events from the outbox to the queue with at-least-once delivery. An event is removed only
 * after its destination has confirmed that it is stored; one that is missing there is published again, so that a queue
 * that loses its data loses no event.
 */
export const createRelay = (parts: RelayParts): Relay => {
  const { isReady, log, kinds, publisher } = parts;
  const room = createQueueRoom({ publisher, kinds, jobsMax: parts.waitingJobsMax ?? defaults.waitingJobsMax, log });
  const publishing = repeat({
    everyMs: pollEveryMs,
    afterErrorMs,
    task: async () => {
      const isBusy = await publishDue(parts, room);
      if (isBusy) await pause(batchingMs);
    },
    onError: (error) => log.warn({ err: error }, 'events cannot be published; they stay in the outbox'),
    onRecovered: () => log.info('events are published again'),
  });
  const sweeping = repeat({
    everyMs: parts.sweepEveryMs ?? defaults.sweepEveryMs,
    task: async () => {
      while (isReady() && (await sweep(parts)) === confirmedAtOnceMax);
    },
    onError: (error) => log.warn({ err: error }, 'published events cannot be confirmed; they stay in the outbox'),
    onRecovered: () => log.info('published events are confirmed again'),
  });
  return {
    wake: publishing.wake,
    close: async () => {
      await Promise.all([publishing.stop(), sweeping.stop()]);
    },
  };
};

/** Publishes every due event. Returns whether there were any. */
const publishDue = async (parts: RelayParts, room: QueueRoom): Promise<boolean> => {
  let count = 0;
  let last = shardMax;
  while (last >= shardMax && parts.isReady()) {
    last = await publishBatch(parts, await room.open());
    count += last;
  }
  return count > 0;
};

/** Publishes one batch. Returns the number of its events. If that fails, events that were not published are soon due again. */
const publishBatch = async (parts: RelayParts, open: readonly EventKind[]): Promise<number> => {
  if (open.length === 0) return 0;
  const { outbox, ownerId, kinds } = parts;
  // While no queue is full, events of unknown kinds are claimed too, so that they are logged.
  const claimed = await outbox.claim({
    ownerId,
    shardMax,
    leaseSeconds,
    ...(open.length === kinds.length ? {} : { kinds: open }),
  });
  const pending = Map.groupBy(claimed, (message) => message.kind);
  for (const [kind, messages] of pending) {
    try {
      await publishKind(parts, kind, messages);
    } catch (error) {
      await outbox.release([...pending.values()].flat().map(idOf), releaseDelaySeconds);
      throw error;
    }
    pending.delete(kind);
    if (isKnown(kind)) await outbox.markPublished(messages.map(idOf));
  }
  return claimed.length;
};

const publishKind = async (
  { outbox, publisher, log }: RelayParts,
  kind: string,
  messages: readonly WaitingMessage[],
): Promise<void> => {
  if (isKnown(kind)) return publisher.publish(kind, messages.map(toMessage));
  const ids = messages.map(idOf);
  log.error({ kind, ids }, 'events of this kind have no consumer; they stay in the outbox');
  await outbox.release(ids, unknownDelaySeconds);
};

const idOf = ({ id }: WaitingMessage): string => id;

/**
 * The age from which published events are confirmed, in seconds. Events newer than the oldest waiting job may still be in
 * the queue, for a long time after an outage; confirming them too would publish them again and fill the queue further.
 */
const confirmAgeSeconds = async ({
  publisher,
  kinds,
  confirmAfterSeconds = defaults.confirmAfterSeconds,
}: RelayParts): Promise<number> => {
  const waiting = await Promise.all(kinds.map((kind) => publisher.oldestWaitingSeconds(kind)));
  return confirmAfterSeconds + Math.max(...waiting);
};

/** Confirms the oldest published events with their destinations. Returns the number of events. */
const sweep = async (parts: RelayParts): Promise<number> => {
  const { outbox, confirm, log } = parts;
  const published = await outbox.publishedBefore(await confirmAgeSeconds(parts), confirmedAtOnceMax);
  for (const [kind, events] of Map.groupBy(published, (event) => event.kind)) {
    if (!isKnown(kind)) continue;
    const asked = events.map((event) => ({ id: event.id, digest: eventDigest(event) }));
    const { missing, altered } = await confirm(kind, asked);
    if (missing.length > 0)
      log.warn({ kind, count: missing.length }, 'published events are missing at their destination; publishing them again');
    if (altered.length > 0)
      log.error({ kind, ids: altered }, 'the destination holds other events under these ids; the true ones stay in the outbox');
    const unconfirmed = new Set([...missing, ...altered]);
    await outbox.republish([...unconfirmed]);
    await outbox.remove(events.map(idOf).filter((id) => !unconfirmed.has(id)));
  }
  return published.length;
};

const isKnown = (kind: string): kind is EventKind => Object.hasOwn(eventDestinations, kind);

const toMessage = ({ id, kind, occurredAt, payload }: WaitingMessage): OutboxMessage =>
  ({ id, kind, occurredAt, payload }) as OutboxMessage;
