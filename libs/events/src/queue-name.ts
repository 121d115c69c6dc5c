import type { EventKind } from '@guildhall/contracts';

/**
 * The name of the queue of one kind. Several databases may share a Redis server, so the fragment of the queue's address
 * identifies the database. Without a fragment, as in the QUEUE_URL of an environment, there is one queue for each kind.
 */
export const queueName = (kind: EventKind, queueUrl: string): string => {
  const database = /#([0-9a-f]{16})$/.exec(queueUrl)?.[1];
  return database === undefined ? `guildhall-${kind}` : `guildhall-${kind}-${database}`;
};
