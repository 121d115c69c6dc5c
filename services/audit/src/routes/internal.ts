import { internalRoutes } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { AuditEvents } from '../core/trail/audit-events.ts';
import type { TakeEvents } from '../core/trail/take-events.ts';
import { plainUuid } from '../core/uuid.ts';

export interface InternalRouteParts {
  readonly events: Pick<AuditEvents, 'missing'>;
  readonly takeEvents: TakeEvents;
}

/** What the other processes of the installation ask. */
export const addInternalRoutes = (app: FastifyInstance, { events, takeEvents }: InternalRouteParts): void => {
  serve(app, internalRoutes.findMissingEvents('audit'), 'service', async ({ body }) => ({
    body: { missing: await events.missing(body.ids.map(plainUuid)) },
  }));
  serve(app, internalRoutes.reportEvents, 'service', async ({ body }) => ({ body: { stored: await takeEvents(body.messages) } }));
};
