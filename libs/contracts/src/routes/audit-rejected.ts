import { Type, type Static } from 'typebox';
import { pageFields, pageOf, Timestamp, Uuid } from '../fields.ts';
import { route } from '../route.ts';

const tag = 'audit';
const closed = { additionalProperties: false } as const;
const params = Type.Object({ eventId: Uuid }, closed);

export const RejectedEvent = Type.Object(
  {
    id: Uuid,
    /** As it came. */
    raw: Type.Unknown(),
    reason: Type.String(),
    rejectedAt: Timestamp,
  },
  closed,
);
export type RejectedEvent = Static<typeof RejectedEvent>;

export const listRejectedEvents = route({
  name: 'listRejectedEvents',
  method: 'GET',
  path: '/v1/audit/rejected',
  tag,
  summary: 'What came as an audit event and could not be stored as one, oldest first. It never blocks what can.',
  query: Type.Object(pageFields, closed),
  responses: { 200: pageOf(RejectedEvent) },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN'],
});

export const retryRejectedEvent = route({
  name: 'retryRejectedEvent',
  method: 'POST',
  path: '/v1/audit/rejected/:eventId/retry',
  tag,
  summary: 'Stores it if that is possible by now, and takes it off the list. UNPROCESSABLE, with the reason, if it is not.',
  params,
  responses: { 204: null },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'UNPROCESSABLE'],
});
