import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { Attachment } from './attachment.ts';

/** How the gateway, and nobody else, tells a service where the shared database is. */
export const addDatabaseRoutes = (app: FastifyInstance, { state, connect, disconnect }: Attachment): void => {
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
