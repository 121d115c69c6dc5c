export { createConsumer, type Consumer, type ConsumerParts, type MessageOf } from './consumer.ts';
export { createPublisher, type Publisher } from './publisher.ts';
export { startOutboxRelay, type OutboxRelayParts } from './outbox-relay.ts';
export { createRelay, type OutboxPort, type Relay, type RelayParts, type WaitingMessage } from './relay.ts';
