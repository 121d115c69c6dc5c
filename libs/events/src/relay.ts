import { setTimeout as pause } from 'node:timers/promises';
import { eventDestinations, type EventKind, type OutboxMessage } from '@guildhall/contracts';
import { repeat } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import { confirmRepeatedly } from './confirm-published.ts';
import { createQueueRoom, type QueueRoom } from './queue-room.ts';
import type { RelayParts, WaitingMessage } from './relay-parts.ts';
import type { Traces } from './traced-batch.ts';
import { withTimeout } from './with-timeout.ts';

export interface Relay {
  /** Publishes at once instead of at the next poll, because an event was committed. */
  wake(): void;
  /** Asks the queue for the number of unfinished jobs of each kind: null for one that it does not say within a second. */
  depths(): Promise<readonly QueueDepth[]>;
  /** Finishes the batch in flight and stops. */
  close(): Promise<void>;
}

export interface QueueDepth {
  readonly kind: EventKind;
  readonly jobs: number | null;
}

/** The events of a shard in one claim. A claim that returns fewer has taken every due event of that shard. */
const shardMax = 100;
const pollEveryMs = 200;
/** The pause between two polls of an outbox that has been empty for a while: who appends to it wakes its own relay. */
const idlePollMaxMs = 2_500;
/** The time that whoever asks for the depth of a queue waits for it. */
const depthTimeoutMs = 1_000;
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
  const { log, kinds, publisher, waitingJobsMax: jobsMax = waitingJobsMaxDefault } = parts;
  const room = createQueueRoom({ publisher, kinds, jobsMax, log });
  // Each kind by itself: a destination that is away holds up no other.
  const confirming = new Map(kinds.map((kind) => [kind, confirmRepeatedly(parts, kind)]));
  const onPublished = (kind: EventKind): void => confirming.get(kind)?.onPublished();
  const publishing = repeat({
    everyMs: pollEveryMs,
    idleMaxMs: idlePollMaxMs,
    afterErrorMs,
    task: async () => {
      const isBusy = await publishDue({ ...parts, room, onPublished });
      if (isBusy) await pause(batchingMs);
      return isBusy;
    },
    onError: (error) => log.warn({ err: error }, 'events cannot be published; they stay in the outbox'),
    onRecovered: () => log.info('events are published again'),
  });
  // What no request appends, and so nobody wakes for.
  const stopListening = parts.outbox.onAppending(publishing.expectWork);
  return {
    wake: publishing.wake,
    depths: () => Promise.all(kinds.map(async (kind) => ({ kind, jobs: await depthOf(publisher, kind) }))),
    close: async () => {
      stopListening();
      await Promise.all([publishing, ...confirming.values()].map((each) => each.stop()));
    },
  };
};

const depthOf = (publisher: RelayParts['publisher'], kind: EventKind): Promise<number | null> =>
  withTimeout(publisher.depth(kind), depthTimeoutMs, 'The queue does not say its depth.').catch(() => null);

interface PublishingParts extends RelayParts {
  readonly room: QueueRoom;
  readonly onPublished: (kind: EventKind) => void;
}

/** Publishes every due event. Returns whether there were any. */
const publishDue = async (parts: PublishingParts): Promise<boolean> => {
  let count = 0;
  let last = shardMax;
  while (last >= shardMax && parts.isReady()) {
    const open = await parts.room.open();
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
const publishBatch = async (parts: PublishingParts, open: readonly EventKind[]): Promise<number> => {
  if (open.length === 0) return 0;
  const { outbox, ownerId, kinds } = parts;
  // While no queue is full, events of unknown kinds are claimed too, so that they are logged.
  const claimed = await outbox.claim({
    ownerId,
    shardMax,
    ...(open.length === kinds.length ? {} : { kinds: open }),
  });
  const published = await Promise.allSettled(
    [...Map.groupBy(claimed, ({ kind }) => kind)].map(([kind, messages]) => publishOrRelease(parts, kind, messages)),
  );
  for (const each of published) if (each.status === 'rejected') throw each.reason;
  return claimed.length;
};

const publishOrRelease = async (parts: PublishingParts, kind: string, messages: readonly WaitingMessage[]): Promise<void> => {
  try {
    await publishKind(parts, kind, messages);
  } catch (error) {
    parts.room.doubt();
    await parts.outbox.release(messages.map(idOf), releaseDelaySeconds);
    throw error;
  }
};

const publishKind = async (parts: PublishingParts, kind: string, messages: readonly WaitingMessage[]): Promise<void> => {
  const { outbox, publisher, room, onPublished, log } = parts;
  const ids = messages.map(idOf);
  if (!isKnown(kind)) {
    log.error({ kind, ids }, 'events of this kind have no consumer; they stay in the outbox');
    return outbox.release(ids, unknownDelaySeconds);
  }
  if (!(await room.hasRoom(kind))) return outbox.release(ids, releaseDelaySeconds);
  await publisher.publish(kind, messages.map(toMessage), tracesOf(messages));
  onPublished(kind);
};

const idOf = ({ id }: WaitingMessage): string => id;

const isKnown = (kind: string): kind is EventKind => Object.hasOwn(eventDestinations, kind);

/** The traces of the messages that have one, by their ids. */
const tracesOf = (messages: readonly WaitingMessage[]): Traces =>
  Object.fromEntries(messages.flatMap(({ id, traceparent }) => (traceparent ? [[id, traceparent]] : [])));

const toMessage = ({ id, kind, occurredAt, payload }: WaitingMessage): OutboxMessage =>
  ({ id, kind, occurredAt, payload }) as OutboxMessage;
