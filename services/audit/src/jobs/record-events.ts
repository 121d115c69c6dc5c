import { createConsumer, createPublisher } from '@guildhall/events';
import type { Logger } from '@guildhall/http';
import type { ArrivingEvents } from '../core/trail/status.ts';
import type { RejectEvent, TakeEvents } from '../core/trail/take-events.ts';

export interface RecordEventsParts {
  readonly queueUrl: string;
  readonly takeEvents: TakeEvents;
  readonly rejectEvent: RejectEvent;
  /** No job is taken while this is false: the database is away. */
  readonly isReady: () => boolean;
  readonly onReceived: (count: number) => void;
  readonly log: Logger;
}

const kind = 'audit';

/** Takes audit events off the queue until closed. A batch that cannot be stored now is given back to the queue. */
export const startRecordingEvents = (parts: RecordEventsParts): Pick<ArrivingEvents, 'waiting'> & { close(): Promise<void> } => {
  const { queueUrl, takeEvents, rejectEvent, isReady, onReceived, log } = parts;
  const consumer = createConsumer({
    queueUrl,
    kind,
    isReady,
    log,
    handle: async (messages) => {
      onReceived(messages.length);
      await takeEvents(messages);
    },
    onRejected: async (raw, reason) => {
      onReceived(1);
      await rejectEvent(raw, reason);
    },
  });
  const queue = createPublisher({ queueUrl, log });
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
