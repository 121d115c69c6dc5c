import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { DatabaseLink } from './database-link.ts';
import type { ReadQueues } from './queues.ts';

/**
 * The routes by which the gateway reads, sets and removes the configuration of the shared database, and reads how this process and its
 * schema are. No other caller is admitted.
 */
export const addDatabaseRoutes = (app: FastifyInstance, link: DatabaseLink, readQueues: ReadQueues): void => {
  const { state, connect, disconnect } = link;
  serve(app, internalRoutes.getDatabaseState, 'gateway', async () => ({ body: state() }));
  serve(app, internalRoutes.connectDatabase, 'gateway', async ({ body }) => {
    connect(body);
    return { body: state() };
  });
  serve(app, internalRoutes.disconnectDatabase, 'gateway', async () => {
    disconnect();
    return { body: state() };
  });
  serve(app, internalRoutes.getProcess, 'gateway', async () => {
    // A process without its database is looked at, too: most of all then.
    const queues = await readQueues().catch(() => null);
    return { body: { ...link.process(), queues: queues === null ? null : [...queues] } };
  });
  serve(app, internalRoutes.getMigrations, 'gateway', async () => {
    const { fault, states } = await link.readMigrations();
    return { body: { fault, items: [...states] } };
  });
};
