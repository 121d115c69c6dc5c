import { internalRoutes, type AuditEventMessage } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import type { ConfirmEvents } from '../core/trail/confirm-events.ts';
import type { RepairLog } from '../core/log/repair.ts';
import type { TakeEvents } from '../core/trail/take-events.ts';

export interface InternalRouteParts {
  readonly confirmEvents: ConfirmEvents;
  readonly takeEvents: TakeEvents;
  readonly repairLog: RepairLog;
}

/** Throws FORBIDDEN unless every event names the process that reports it. */
const requireOwnEvents = (messages: readonly AuditEventMessage[], reporter: string | null): void => {
  const other = messages.find(({ payload }) => payload.service !== reporter);
  if (other === undefined) return;
  throw new AppError('FORBIDDEN', `${reporter ?? 'Nobody'} may not report an event of ${other.payload.service}.`);
};

/** Routes for the other processes of the installation. */
export const addInternalRoutes = (app: FastifyInstance, { confirmEvents, takeEvents, repairLog }: InternalRouteParts): void => {
  serve(app, internalRoutes.findMissingEvents('audit'), 'service', async ({ body }) => ({
    body: await confirmEvents(body.events),
  }));
  serve(app, internalRoutes.reportEvents, 'service', async ({ body, callingService }) => {
    requireOwnEvents(body.messages, callingService);
    return { body: { stored: await takeEvents(body.messages) } };
  });
  serve(app, internalRoutes.repairAuditLog, 'service', async ({ body, callingService }) => {
    if (callingService !== 'gateway') throw new AppError('FORBIDDEN', 'The command of the gateway alone repairs the log.');
    return { body: await repairLog(body) };
  });
};
