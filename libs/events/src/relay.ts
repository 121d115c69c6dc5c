import { setTimeout as pause } from 'node:timers/promises';
import { eventDestinations, type EventKind, type OutboxMessage } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';
import { omitUndefined } from '@guildhall/resources';
import { tracedJob } from '@guildhall/tracing';
import { confirmRepeatedly } from './confirm-published.ts';
import { createQueueRoom, type QueueRoom } from './queue-room.ts';
import type { RelayParts, WaitingMessage } from './relay-parts.ts';
import type { Traces } from './traced-batch.ts';

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

const waitingJobsMaxDefault = 2_000;

/**
 * The outbox relay: publishes events from the outbox to the queue with at-least-once delivery. An event is removed only
 * after its destination has confirmed that it is stored; one that is missing there is published again, so that a queue
 * that loses its data loses no event.
 */
export const createRelay = (parts: RelayParts): Relay => {
  const { log, kinds, publisher, onDepth, waitingJobsMax: jobsMax = waitingJobsMaxDefault } = parts;
  const room = createQueueRoom({ publisher, kinds, jobsMax, log, ...omitUndefined({ onDepth }) });
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
  // Each kind by itself: a destination that is away holds up no other.
  const confirming = kinds.map((kind) => confirmRepeatedly(parts, kind));
  return {
    wake: publishing.wake,
    close: async () => {
      await Promise.all([publishing, ...confirming].map((each) => each.stop()));
    },
  };
};

/** Publishes every due event. Returns whether there were any. */
const publishDue = async (parts: RelayParts, room: QueueRoom): Promise<boolean> => {
  let count = 0;
  let last = shardMax;
  while (last >= shardMax && parts.isReady()) {
    const open = await room.open();
    last = await tracedJob(
      'relay events',
      () => publishBatch(parts, open),
      (events) => events > 0,
    );
    count += last;
  }
  return count > 0;
};

/**
 * Publishes one batch, each kind by itself: one that cannot be published holds up no other. Returns the number of its events.
 * Throws if a kind failed; its events are soon due again.
 */
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
  const published = await Promise.allSettled(
    [...Map.groupBy(claimed, ({ kind }) => kind)].map(([kind, messages]) => publishOrRelease(parts, kind, messages)),
  );
  for (const each of published) if (each.status === 'rejected') throw each.reason;
  return claimed.length;
};

const publishOrRelease = async (parts: RelayParts, kind: string, messages: readonly WaitingMessage[]): Promise<void> => {
  const ids = messages.map(idOf);
  try {
    await publishKind(parts, kind, messages);
  } catch (error) {
    await parts.outbox.release(ids, releaseDelaySeconds);
    throw error;
  }
  if (isKnown(kind)) await parts.outbox.markPublished(ids);
};

const publishKind = async (
  { outbox, publisher, log }: RelayParts,
  kind: string,
  messages: readonly WaitingMessage[],
): Promise<void> => {
  if (isKnown(kind)) return publisher.publish(kind, messages.map(toMessage), tracesOf(messages));
  const ids = messages.map(idOf);
  log.error({ kind, ids }, 'events of this kind have no consumer; they stay in the outbox');
  await outbox.release(ids, unknownDelaySeconds);
};

const idOf = ({ id }: WaitingMessage): string => id;

const isKnown = (kind: string): kind is EventKind => Object.hasOwn(eventDestinations, kind);

/** The traces of the messages that have one, by their ids. */
const tracesOf = (messages: readonly WaitingMessage[]): Traces =>
  Object.fromEntries(messages.flatMap(({ id, traceparent }) => (traceparent ? [[id, traceparent]] : [])));

const toMessage = ({ id, kind, occurredAt, payload }: WaitingMessage): OutboxMessage =>
  ({ id, kind, occurredAt, payload }) as OutboxMessage;
