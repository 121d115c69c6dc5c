import { createPublisher, createRelay, type RelayParts } from '@guildhall/events';

export interface OutboxRelay {
  /** Something was committed that may have left events. */
  nudge(): void;
  close(): Promise<void>;
}

export type OutboxRelayParts = Omit<RelayParts, 'publisher'> & {
  /** Null: events stay in the outbox until there is a queue. */
  readonly queueUrl: string | null;
};

/** Brings events from the outbox to the queue. */
export const startRelayingOutbox = ({ queueUrl, ...parts }: OutboxRelayParts): OutboxRelay => {
  if (queueUrl === null) return { nudge: () => {}, close: async () => {} };
  const publisher = createPublisher({ queueUrl, log: parts.log });
  const relay = createRelay({ ...parts, publisher });
  return {
    nudge: relay.nudge,
    async close() {
      await relay.close();
      await publisher.close();
    },
  };
};
