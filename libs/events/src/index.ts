export { createConsumer, deadLetterId, type Consumer, type ConsumerParts, type MessageOf } from './consumer.ts';
export { createPublisher, type Publisher, type PublisherParts } from './publisher.ts';
export { startOutboxRelay, type OutboxRelayParts } from './outbox-relay.ts';
export {
  createRelay,
  type OutboxPort,
  type PublishedEvent,
  type Relay,
  type RelayParts,
  type Unconfirmed,
  type WaitingMessage,
} from './relay.ts';
export { eventDigest } from './signed-batch.ts';
