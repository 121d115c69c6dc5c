import type { EventKind } from '@guildhall/contracts';
import { createPublisher, createRelay, type OutboxPort, type Relay } from '@guildhall/events';
import type { Logger } from '@guildhall/http';

export interface RelayOutboxParts {
  readonly queueUrl: string;
  readonly outbox: OutboxPort;
  readonly ownerId: string;
  /** Asks the service that takes a kind which of these events it does not have. */
  readonly confirm: (kind: EventKind, ids: readonly string[]) => Promise<readonly string[]>;
  readonly isReady: () => boolean;
  readonly log: Logger;
}

/** Brings this service's events to the queue until closed. */
export const startRelayingOutbox = ({ queueUrl, log, ...parts }: RelayOutboxParts): Pick<Relay, 'close'> => {
  const publisher = createPublisher({ queueUrl, log });
  const relay = createRelay({ ...parts, publisher, log });
  return {
    close: async () => {
      await relay.close();
      await publisher.close();
    },
  };
};
