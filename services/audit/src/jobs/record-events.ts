import { createConsumer, createPublisher, type PublisherParts } from '@guildhall/events';
import type { Logger } from '@guildhall/http';
import type { ArrivingEvents } from '../core/trail/status.ts';
import type { RejectEvent, TakeEvents } from '../core/trail/take-events.ts';

export interface RecordEventsParts {
  readonly queueUrl: string;
  readonly identity: PublisherParts['identity'];
  readonly takeEvents: TakeEvents;
  readonly rejectEvent: RejectEvent;
  /** No job is taken while this is false: the database is away. */
  readonly isReady: () => boolean;
  readonly counters: {
    readonly received: (count: number) => void;
    /** Called for each delivery that was not written by whom it names. */
    readonly unverified: () => void;
  };
  readonly log: Logger;
}

const kind = 'audit';

/** Takes audit events off the queue until closed. A batch that cannot be stored now is given back to the queue. */
export const startRecordingEvents = (parts: RecordEventsParts): Pick<ArrivingEvents, 'waiting'> & { close(): Promise<void> } => {
  const { queueUrl, identity, takeEvents, rejectEvent, isReady, counters, log } = parts;
  const consumer = createConsumer({
    queueUrl,
    kind,
    publicKeys: identity.publicKeys,
    isReady,
    log,
    handle: async (messages) => {
      counters.received(messages.length);
      await takeEvents(messages);
    },
    onRejected: async (raw, reason) => {
      counters.received(1);
      await rejectEvent(raw, reason);
    },
    onUnverified: async (raw, reason) => {
      counters.received(1);
      counters.unverified();
      await rejectEvent(raw, reason);
    },
  });
  const queue = createPublisher({ queueUrl, identity, log });
  return {
    waiting: () =>
      queue.depth(kind).catch((error: unknown) => {
        log.debug({ err: error }, 'the length of the queue could not be read');
        return null;
      }),
    close: async () => {
      await consumer.close();
      await queue.close();
    },
  };
};
