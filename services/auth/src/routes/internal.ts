import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';

export interface InternalRules {
  listRevoked(since: Date): Promise<{ sessionIds: readonly string[]; now: string }>;
  outboxDepth(): Promise<{ waiting: number; oldestWaitingSeconds: number }>;
}

/** What the other services of the installation ask. */
export const addInternalRoutes = (app: FastifyInstance, rules: InternalRules): void => {
  serve(app, internalRoutes.listRevokedSessions, 'service', async ({ query }) => ({
    body: await rules.listRevoked(new Date(query.since)),
  }));
  serve(app, internalRoutes.getOutboxDepth, 'service', async () => ({ body: await rules.outboxDepth() }));
};
