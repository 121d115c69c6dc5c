import { createPublisher, type PublisherParts } from './publisher.ts';
import type { RelayParts } from './relay-parts.ts';
import { createRelay, type Relay } from './relay.ts';

export type OutboxRelayParts = Omit<RelayParts, 'publisher'> & Omit<PublisherParts, 'log'>;

/** Starts the outbox relay of one service, with its own publisher. */
export const startOutboxRelay = ({ queueUrl, identity, ...parts }: OutboxRelayParts): Relay => {
  const publisher = createPublisher({ queueUrl, identity, log: parts.log });
  const relay = createRelay({ ...parts, publisher });
  return {
    wake: relay.wake,
    depths: relay.depths,
    async close() {
      await relay.close();
      await publisher.close();
    },
  };
};
