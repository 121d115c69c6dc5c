import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { FirstOwnerRequest } from '../core/first-owner.ts';
import type { Revocations } from '../core/manage-sessions.ts';

export interface InternalRules {
  listRevoked(since: Date): Promise<Revocations>;
  outboxDepth(): Promise<{ waiting: number; oldestWaitingSeconds: number }>;
  /** Answers whether it made one. */
  makeFirstOwner(request: FirstOwnerRequest, requestId: string): Promise<boolean>;
  hasOwner(): Promise<boolean>;
}

/** What the other services of the installation ask. */
export const addInternalRoutes = (app: FastifyInstance, rules: InternalRules): void => {
  serve(app, internalRoutes.listRevokedSessions, 'service', async ({ query }) => ({
    body: await rules.listRevoked(new Date(query.since)),
  }));
  serve(app, internalRoutes.getOutboxDepth, 'service', async () => ({ body: await rules.outboxDepth() }));
  serve(app, internalRoutes.makeFirstOwner, 'gateway', async ({ body, requestId }) => ({
    body: { isNew: await rules.makeFirstOwner(body, requestId) },
  }));
  serve(app, internalRoutes.findOwner, 'gateway', async () => ({ body: { hasOwner: await rules.hasOwner() } }));
};
