import { Type, type Static } from 'typebox';
import { Timestamp, UserId, Uuid } from '../fields.ts';
import { route } from '../route.ts';

const tag = 'audit';
const closed = { additionalProperties: false } as const;
const KeepDays = Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()]);

export const Retention = Type.Object(
  {
    /** How long events are kept whole; null: for ever. Their hashes stay in the log, so that proofs go on holding. */
    keepDays: KeepDays,
    version: Type.Integer({ minimum: 1 }),
    /** Null while nobody has set it. */
    updatedAt: Type.Union([Timestamp, Type.Null()]),
  },
  closed,
);
export type Retention = Static<typeof Retention>;

export const getRetention = route({
  name: 'getRetention',
  method: 'GET',
  path: '/v1/audit/retention',
  tag,
  summary: 'How long audit events are kept whole.',
  responses: { 200: Retention },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN'],
});

export const setRetention = route({
  name: 'setRetention',
  method: 'PUT',
  path: '/v1/audit/retention',
  tag,
  summary:
    'Sets how long audit events are kept whole. Older ones are removed soon after; their hashes stay, and so do all proofs.',
  body: Type.Object({ keepDays: KeepDays }, closed),
  responses: { 200: Retention },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'TOO_LARGE', 'VERSION_MISMATCH', 'VERSION_REQUIRED'],
  isVersioned: true,
});

export const redactionEventsMax = 100;

export const redactEvents = route({
  name: 'redactEvents',
  method: 'POST',
  path: '/v1/audit/redactions',
  tag,
  summary:
    'Removes what the trail holds of a person, or single events, for good: everything but their hashes. Name one of the two. The removal is an audit event itself.',
  body: Type.Object(
    {
      /** Events of what this user did, and of what was done to the account. */
      userId: Type.Optional(UserId),
      eventIds: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: redactionEventsMax })),
    },
    closed,
  ),
  responses: { 200: Type.Object({ removed: Type.Integer({ minimum: 0 }) }, closed) },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'TOO_LARGE'],
});
