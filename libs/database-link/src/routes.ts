import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { DatabaseLink } from './database-link.ts';

/** The routes by which the gateway reads, sets and removes the configuration of the shared database. No other caller is admitted. */
export const addDatabaseRoutes = (app: FastifyInstance, { state, connect, disconnect }: DatabaseLink): void => {
  serve(app, internalRoutes.getDatabaseState, 'gateway', async () => ({ body: state() }));
  serve(app, internalRoutes.connectDatabase, 'gateway', async ({ body }) => {
    connect(body);
    return { body: state() };
  });
  serve(app, internalRoutes.disconnectDatabase, 'gateway', async () => {
    disconnect();
    return { body: state() };
  });
};
