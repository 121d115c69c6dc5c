import { AuditEventMessage, route } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { AuditEvents } from '../core/audit-events.ts';
import type { TakeEvents } from '../core/take-events.ts';
import { plainUuid } from '../core/uuid.ts';

const closed = { additionalProperties: false } as const;
const tag = 'internal';
const Uuid = Type.String({ format: 'uuid' });
const askedIdsMax = 1_000;
const reportedEventsMax = 200;

export const findMissingEvents = route({
  name: 'findMissingEvents',
  method: 'POST',
  path: '/internal/events/missing',
  tag,
  summary: 'Which of these events were neither stored nor set aside.',
  body: Type.Object({ kind: Type.Literal('audit'), ids: Type.Array(Uuid, { maxItems: askedIdsMax }) }, closed),
  responses: { 200: Type.Object({ missing: Type.Array(Uuid) }, closed) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});

export const reportEvents = route({
  name: 'reportEvents',
  method: 'POST',
  path: '/internal/events',
  tag,
  summary: 'Stores events of a service without an outbox. Reporting one again changes nothing; `stored` counts the new ones.',
  body: Type.Object({ messages: Type.Array(AuditEventMessage, { maxItems: reportedEventsMax }) }, closed),
  responses: { 200: Type.Object({ stored: Type.Integer({ minimum: 0 }) }, closed) },
  errors: ['UNAUTHENTICATED', 'TOO_LARGE', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});

export interface InternalRouteParts {
  readonly events: Pick<AuditEvents, 'missing'>;
  readonly takeEvents: TakeEvents;
}

/** What the other processes of the installation ask. */
export const internalRoutes = (app: FastifyInstance, { events, takeEvents }: InternalRouteParts): void => {
  serve(app, findMissingEvents, 'service', async ({ body }) => ({
    body: { missing: await events.missing(body.ids.map(plainUuid)) },
  }));
  serve(app, reportEvents, 'service', async ({ body }) => ({ body: { stored: await takeEvents(body.messages) } }));
};
