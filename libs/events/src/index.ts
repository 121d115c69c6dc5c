export { consumerConnectionsMax, publisherConnectionsMax } from './backend.ts';
export { createConsumer, deadLetterId, type Consumer, type ConsumerParts, type MessageOf } from './consumer.ts';
export { createPublisher, type Publisher, type PublisherParts } from './publisher.ts';
export { startOutboxRelay, type OutboxRelayParts } from './outbox-relay.ts';
export { createRelay, type QueueDepth, type Relay } from './relay.ts';
export type { OutboxPort, PublishedEvent, RelayParts, Unconfirmed, WaitingMessage } from './relay-parts.ts';
export { eventDigest } from './signed-batch.ts';
