import { route } from '@guildhall/contracts';
import { serve } from '@guildhall/http';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const tag = 'internal';

export const listRevokedSessions = route({
  name: 'listRevokedSessions',
  method: 'GET',
  path: '/internal/revoked-sessions',
  tag,
  summary: 'Sessions that ended since a time; ask again with the `now` of the last answer.',
  query: Type.Object({ since: Type.String({ format: 'date-time', maxLength: 40 }) }, closed),
  responses: { 200: Type.Object({ sessionIds: Type.Array(Type.String()), now: Type.String() }, closed) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});

export const getOutboxDepth = route({
  name: 'getOutboxDepth',
  method: 'GET',
  path: '/internal/outbox',
  tag,
  summary: 'How many events still wait to be published, and how long the oldest has waited.',
  responses: { 200: Type.Object({ waiting: Type.Integer(), oldestWaitingSeconds: Type.Number() }, closed) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});

export interface InternalRules {
  listRevoked(since: Date): Promise<{ sessionIds: readonly string[]; now: string }>;
  outboxDepth(): Promise<{ waiting: number; oldestWaitingSeconds: number }>;
}

/** What the other services of the installation ask. */
export const internalRoutes = (app: FastifyInstance, rules: InternalRules): void => {
  serve(app, listRevokedSessions, 'service', async ({ query }) => ({ body: await rules.listRevoked(new Date(query.since)) }));
  serve(app, getOutboxDepth, 'service', async () => ({ body: await rules.outboxDepth() }));
};
