export { createDatabaseLink, type DatabaseConfiguration, type DatabaseLink, type DatabaseLinkParts } from './database-link.ts';
export { createReadQueues, type QueueParts, type ReadQueues } from './queues.ts';
export { measureOutbox, measureQueue } from './measure.ts';
export { addDatabaseRoutes } from './routes.ts';
