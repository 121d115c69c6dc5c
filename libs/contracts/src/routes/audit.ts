import { Type, type Static } from 'typebox';
import { AuditPayload } from '../events.ts';
import { pageFields, pageOf, Timestamp, UserId, Uuid } from '../fields.ts';
import { route } from '../route.ts';

const tag = 'audit';
const closed = { additionalProperties: false } as const;

export const AuditEvent = Type.Object(
  {
    id: Uuid,
    occurredAt: Timestamp,
    recordedAt: Timestamp,
    /** Its place in the Merkle log, from 0 without a gap; `null` for one that an older version stored, until it has its place. */
    leafIndex: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    ...AuditPayload.properties,
  },
  closed,
);
export type AuditEvent = Static<typeof AuditEvent>;

/** What events are narrowed to; every one that is given must hold. */
export const auditFilters = {
  actor: Type.Optional(UserId),
  /** One action, or with `.*` at the end all that begin so: `script.*`. */
  action: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  resourceType: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  resourceId: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  result: Type.Optional(Type.Enum(['success', 'denied', 'failure'])),
  requestId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
  /** A JSON Pointer (RFC 6901): events that changed exactly this path. */
  changedPath: Type.Optional(Type.String({ minLength: 1, maxLength: 512, pattern: '^(/([^~/]|~[01])*)+$' })),
  /** Part of the action or of the resource's type, id or name, in capitals or not. */
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
};

export const listAuditEvents = route({
  name: 'listAuditEvents',
  method: 'GET',
  path: '/v1/audit/events',
  tag,
  summary:
    'Audit events, newest first. `from` is inclusive, `to` exclusive, by the time of occurrence. With `text`, `changedPath` or an action that ends in `.*` a page may hold fewer events than `limit`, or none, and still have a `nextCursor`: it looks at a bounded number of events.',
  query: Type.Object({ ...pageFields, ...auditFilters, community: Type.Optional(Uuid) }, closed),
  responses: { 200: pageOf(AuditEvent) },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN'],
});

export const listCommunityAuditEvents = route({
  name: 'listCommunityAuditEvents',
  method: 'GET',
  path: '/v1/communities/:communityId/audit/events',
  tag,
  summary: 'The audit events of one community, newest first.',
  params: Type.Object({ communityId: Uuid }, closed),
  query: Type.Object({ ...pageFields, ...auditFilters }, closed),
  responses: { 200: pageOf(AuditEvent) },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

export const getAuditEvent = route({
  name: 'getAuditEvent',
  method: 'GET',
  path: '/v1/audit/events/:eventId',
  tag,
  summary: 'One audit event.',
  params: Type.Object({ eventId: Uuid }, closed),
  responses: { 200: AuditEvent },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'],
});

export const AuditStatus = Type.Object(
  {
    /** Events stored here, exactly. */
    stored: Type.Integer({ minimum: 0 }),
    /** Deliveries taken from the queue by this process since it started, repeated ones included. */
    received: Type.Integer({ minimum: 0 }),
    /** Jobs in the queue that are not done, `null` where there is no queue or it could not be asked. */
    queueWaiting: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    lastRecordedAt: Type.Union([Timestamp, Type.Null()]),
    log: Type.Object(
      {
        /** Events in the Merkle log. */
        size: Type.Integer({ minimum: 0 }),
        /** Stored events without a place in it, and since when the oldest of them is stored: none, but after an upgrade. */
        unsequenced: Type.Integer({ minimum: 0 }),
        oldestUnsequencedAt: Type.Union([Timestamp, Type.Null()]),
        /** Events that this process holds and has not stored yet. */
        waiting: Type.Integer({ minimum: 0 }),
        checkpoint: Type.Union([Type.Object({ size: Type.Integer({ minimum: 0 }), signedAt: Timestamp }, closed), Type.Null()]),
      },
      closed,
    ),
    /** What each writing service still holds in its outbox, `null` where it could not be asked. */
    outboxes: Type.Array(
      Type.Object(
        {
          service: Type.String(),
          waiting: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
          oldestWaitingSeconds: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type AuditStatus = Static<typeof AuditStatus>;

export const getAuditStatus = route({
  name: 'getAuditStatus',
  method: 'GET',
  path: '/v1/audit/status',
  tag,
  summary: 'What was received and stored, and what is still on its way.',
  responses: { 200: AuditStatus },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN'],
});
