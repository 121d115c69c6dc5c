import { Type, type Static } from 'typebox';
import { AuditPayload } from '../events.ts';
import { closed, CommunityId, field, named, nullable, pageFields, pageOf, Timestamp, UserId, Uuid } from '../fields.ts';
import { jsonPointer } from '../patterns.ts';
import { group } from '../route.ts';
import { auditTag } from './tags.ts';

const LeafIndex = Type.Integer({
  minimum: 0,
  description: 'Its position in the Merkle log, from 0 without a gap.',
  examples: [40_213],
});

export const AuditEvent = named('AuditEvent', 'Who did what to which resource, with what result and what changed.', {
  id: field(Uuid, 'The id of the event.', '8b9c0d1e-2f3a-4b4c-8d5e-6f7a8b9c0d1e'),
  occurredAt: field(Timestamp, 'When it happened.'),
  recordedAt: field(Timestamp, 'When the trail stored it.', '2026-01-31T08:30:00.120Z'),
  leafIndex: LeafIndex,
  ...AuditPayload.properties,
});
export type AuditEvent = Static<typeof AuditEvent>;

export const AlteredEvent = named(
  'AlteredEvent',
  'An event that is not what its leaf hash was made of: somebody altered it in the database. It stands where the event stood, and is none.',
  {
    leafIndex: LeafIndex,
    leafHash: field(Type.String(), 'The leaf hash beside it, in standard base64; empty where it was taken away.', 'Zk3vQ1…'),
    altered: Type.Unknown({
      description: 'What the row says now, which nobody vouches for.',
      examples: [{ action: 'script.update' }],
    }),
  },
);
export type AlteredEvent = Static<typeof AlteredEvent>;

export const TrailEvent = Type.Union([AuditEvent, AlteredEvent], {
  description: 'An event; or, where the database says something else than what was logged, that it was altered.',
});

/** The filters of a search for audit events, combined with AND. */
export const auditFilters = {
  actor: Type.Optional(field(UserId, 'Who did it: the id of the actor.')),
  action: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'An action, or a prefix that ends in `.*`: `script.*`.',
      examples: ['script.update'],
    }),
  ),
  resourceType: Type.Optional(
    Type.String({ minLength: 1, maxLength: 60, description: 'The type of the resource.', examples: ['script'] }),
  ),
  resourceId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'The id of the resource.',
      examples: ['3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f'],
    }),
  ),
  result: Type.Optional(Type.Enum(['success', 'denied', 'failure'], { description: 'How it ended.' })),
  requestId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'The request it happened in: `x-request-id` of the answer.',
      examples: ['7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11'],
    }),
  ),
  from: Type.Optional(field(Timestamp, 'The earliest time of occurrence, inclusive.', '2026-01-01T00:00:00.000Z')),
  to: Type.Optional(field(Timestamp, 'The latest time of occurrence, exclusive.', '2026-02-01T00:00:00.000Z')),
  changedPath: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 512,
      pattern: jsonPointer,
      description: 'A JSON Pointer (RFC 6901): events that changed exactly this path.',
      examples: ['/content'],
    }),
  ),
  text: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: "Part of the action or of the resource's type, id or name, in capitals or not.",
      examples: ['load-orders'],
    }),
  ),
};

/** The filter of the whole trail by community. */
export const communityFilter = { community: Type.Optional(field(CommunityId, 'Only events of this community.')) };

/** The resource that audit events name for reads of the trail, denied or successful. */
export const wholeTrail = { type: 'audit-log', parameter: 'community', id: 'all' } as const;
export const communityTrail = { type: 'audit-log', parameter: 'communityId' } as const;

/** The parts of the audit trail that may stand still or not hold. */
export const auditFaults = [
  'recording',
  'sequencing',
  'signing',
  'proving',
  'exporting',
  'pruning',
  'following',
  'forwarding',
  'witness',
  'integrity',
] as const;

const OutboxState = closed({
  service: field(Type.String(), 'The service that writes events.', 'team-resources'),
  waiting: nullable(Type.Integer({ minimum: 0, examples: [0] }), 'How many events wait; null where it could not be asked.'),
  oldestWaitingSeconds: nullable(
    Type.Number({ minimum: 0, examples: [0] }),
    'How long the oldest has waited, in seconds; null where it could not be asked.',
  ),
});

const LogState = closed({
  size: Type.Integer({ minimum: 0, description: 'Events in the Merkle log.', examples: [40_214] }),
  unsequenced: Type.Integer({
    minimum: 0,
    description: 'Stored events without a position in the log: none, but after an upgrade.',
    examples: [0],
  }),
  oldestUnsequencedAt: nullable(Timestamp, 'The time at which the oldest of them was stored.'),
  waiting: Type.Integer({ minimum: 0, description: 'Events that this process holds and has not stored yet.', examples: [0] }),
  checkpoint: nullable(
    closed({
      size: Type.Integer({ minimum: 0, description: 'The number of events that the checkpoint signs.', examples: [40_214] }),
      signedAt: field(Timestamp, 'When it was signed.'),
    }),
    'The last signed checkpoint; null before the first.',
  ),
});

/** The most faults of the log that one answer names: the first ones. */
export const logFaultsMax = 100;

export const LogFault = closed({
  kind: Type.Enum(['altered', 'missing', 'repeated', 'hashes', 'different', 'outside', 'untold'], {
    description: 'What is wrong.',
  }),
  detail: field(Type.String(), 'Where, and what.', 'No event stands at index 137.'),
});
export type LogFault = Static<typeof LogFault>;

const LogCheck = closed({
  finishedAt: field(Timestamp, 'When it ended.'),
  size: Type.Integer({ minimum: 0, description: 'The number of events that it went over.', examples: [40_214] }),
  faults: Type.Array(LogFault, {
    description: 'What it found, the first hundred; none when the log is whole, or nothing is wrong but what is acknowledged.',
  }),
  acknowledged: Type.Array(LogFault, {
    description:
      'What it found as well, the first hundred, and an operator has acknowledged (`make audit-repair`): it raises no fault, and stays told.',
  }),
});

const StandingFault = closed({
  name: Type.Enum(auditFaults, { description: 'What is impaired.' }),
  reason: field(Type.String(), 'Why.', 'altered: The event at index 137 is not what its leaf hash was made of.'),
  since: field(Timestamp, 'Since when.'),
});

export const AuditStatus = named('AuditStatus', 'What the audit trail received and stored, and what is on its way.', {
  stored: Type.Integer({ minimum: 0, description: 'Events stored here, exactly.', examples: [40_214] }),
  received: Type.Integer({
    minimum: 0,
    description: 'Deliveries taken from the queue by this process since it started, repeated ones included.',
    examples: [1_310],
  }),
  queueWaiting: nullable(
    Type.Integer({ minimum: 0, examples: [0] }),
    'Jobs in the queue that are not done; null where there is no queue or it could not be asked.',
  ),
  lastRecordedAt: nullable(Timestamp, 'When the last event was stored; null before the first.'),
  log: field(LogState, 'The Merkle log.'),
  check: nullable(LogCheck, 'The last check of the whole log by this process; null before the first.'),
  faults: Type.Array(StandingFault, { description: 'What stands still or does not hold, as this process sees it.' }),
  outboxes: Type.Array(OutboxState, { description: 'What each writing service still holds in its outbox.' }),
});
export type AuditStatus = Static<typeof AuditStatus>;

export const AuditEventPage = pageOf('AuditEvent', TrailEvent);

export const auditRoutes = group(auditTag, {
  listAuditEvents: {
    method: 'GET',
    path: '/v1/audit/events',
    summary:
      'Audit events, newest first. `from` is inclusive, `to` exclusive, by the time of occurrence. With `text`, `changedPath` or an action that ends in `.*` a page may hold fewer events than `limit`, or none, and still have a `nextCursor`: it looks at a bounded number of events.',
    permission: 'audit:read',
    action: 'audit.read',
    subject: wholeTrail,
    query: { ...pageFields, ...auditFilters, ...communityFilter },
    responses: { 200: AuditEventPage },
  },
  getAuditEvent: {
    method: 'GET',
    path: '/v1/audit/events/:eventId',
    summary: 'One audit event.',
    permission: 'audit:read',
    action: 'audit.read',
    subject: { type: 'audit-event', parameter: 'eventId' },
    params: { eventId: field(Uuid, 'The event.', '8b9c0d1e-2f3a-4b4c-8d5e-6f7a8b9c0d1e') },
    responses: { 200: TrailEvent },
    errors: ['NOT_FOUND'],
  },
  getAuditStatus: {
    method: 'GET',
    path: '/v1/audit/status',
    summary: 'What was received and stored, and what is still on its way.',
    permission: 'audit:read',
    action: 'audit.status',
    subject: { type: 'audit-trail', id: 'events' },
    responses: { 200: AuditStatus },
  },
  listCommunityAuditEvents: {
    method: 'GET',
    path: '/v1/communities/:communityId/audit/events',
    summary: 'The audit events of one community, newest first.',
    permission: 'community-audit:read',
    action: 'audit.read',
    subject: communityTrail,
    params: { communityId: CommunityId },
    query: { ...pageFields, ...auditFilters },
    responses: { 200: AuditEventPage },
  },
});
