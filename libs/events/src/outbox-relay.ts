import { createPublisher } from './publisher.ts';
import { createRelay, type Relay, type RelayParts } from './relay.ts';

export type OutboxRelayParts = Omit<RelayParts, 'publisher'> & { readonly queueUrl: string };

/** Starts the outbox relay of one service, with its own publisher. */
export const startOutboxRelay = ({ queueUrl, ...parts }: OutboxRelayParts): Relay => {
  const publisher = createPublisher({ queueUrl, log: parts.log });
  const relay = createRelay({ ...parts, publisher });
  return {
    wake: relay.wake,
    async close() {
      await relay.close();
      await publisher.close();
    },
  };
};
