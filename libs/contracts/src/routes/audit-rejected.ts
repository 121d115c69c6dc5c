import { Type, type Static } from 'typebox';
import { field, named, pageFields, pageOf, Timestamp, Uuid } from '../fields.ts';
import { group } from '../route.ts';
import { auditTag } from './tags.ts';

const RejectedEvent = named('RejectedEvent', 'A dead letter: a message that could not be stored as an audit event.', {
  id: field(Uuid, 'The id of the dead letter.', '1d2e3f4a-5b6c-4d7e-8f8a-9b0c1d2e3f4a'),
  raw: Type.Unknown({ description: 'The message as it came.', examples: [{ kind: 'audit', payload: {} }] }),
  reason: field(Type.String(), 'Why it could not be stored.', '/payload must have required property actor'),
  rejectedAt: field(Timestamp, 'When it was rejected.'),
});
export type RejectedEvent = Static<typeof RejectedEvent>;

export const auditRejectedRoutes = group(auditTag, {
  listRejectedEvents: {
    method: 'GET',
    path: '/v1/audit/rejected',
    summary: 'Dead letters: messages that could not be stored as audit events, oldest first. They never block other events.',
    permission: 'audit:read',
    action: 'rejected-event.list',
    subject: { type: 'audit-trail', id: 'events' },
    query: pageFields,
    responses: { 200: pageOf('RejectedEvent', RejectedEvent) },
  },
  retryRejectedEvent: {
    method: 'POST',
    path: '/v1/audit/rejected/:eventId/retry',
    summary: 'Stores the event if that is possible by now, and removes the dead letter. UNPROCESSABLE, with the reason, if not.',
    permission: 'installation:manage',
    action: 'rejected-event.retry',
    confirmsRight: true,
    subject: { type: 'rejected-event', parameter: 'eventId' },
    params: { eventId: field(Uuid, 'The dead letter.', '1d2e3f4a-5b6c-4d7e-8f8a-9b0c1d2e3f4a') },
    responses: { 204: null },
    errors: ['NOT_FOUND', 'UNPROCESSABLE'],
  },
});
