import { createReadQueues, type ReadQueues } from '@guildhall/database-link';
import type { OutboxDepth, SharedDatabase } from '@guildhall/db';
import { createMailDepths } from '../store/mails.ts';
import { schema } from '../store/stores.ts';

/** The queues of auth: events to send, events to take, and mails. */
export const createQueues = ({ connection }: SharedDatabase, outboxDepth: () => Promise<OutboxDepth>): ReadQueues =>
  createReadQueues({ connection, schema, outboxDepth, others: createMailDepths(connection) });
