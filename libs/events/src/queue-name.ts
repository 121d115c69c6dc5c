import type { EventKind } from '@guildhall/contracts';

/**
 * A Redis server may carry the events of several databases, or of one after the other: the fragment of its address names
 * whose these are. Without one, as in an environment's QUEUE_URL, there is one queue a kind.
 */
export const queueName = (kind: EventKind, queueUrl: string): string => {
  const place = /#([0-9a-f]{16})$/.exec(queueUrl)?.[1];
  return place === undefined ? `guildhall-${kind}` : `guildhall-${kind}-${place}`;
};
