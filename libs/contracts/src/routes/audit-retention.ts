import { Type, type Static } from 'typebox';
import { choiceField, closed, Email, field, named, nullable, Timestamp, UserId, Uuid, Version } from '../fields.ts';
import { group } from '../route.ts';
import { auditTag } from './tags.ts';

const KeepDays = nullable(
  Type.Integer({ minimum: 1, maximum: 36_500, examples: [730] }),
  'How many days events are kept whole; null: for ever. Their hashes stay in the log, so that proofs go on holding.',
);

const Retention = named('Retention', 'How long audit events are kept whole.', {
  keepDays: KeepDays,
  version: Version,
  updatedAt: nullable(Timestamp, 'When it was last set; null while nobody has set it.'),
});
export type Retention = Static<typeof Retention>;

const redactionEventsMax = 100;
const redactionEmailsMax = 10;
const subject = { type: 'audit-trail', id: 'events' } as const;

export const auditRetentionRoutes = group(auditTag, {
  getRetention: {
    method: 'GET',
    path: '/v1/audit/retention',
    summary: 'How long audit events are kept whole.',
    permission: 'audit:read',
    action: 'audit.read-retention',
    subject,
    responses: { 200: Retention },
    answersVersion: true,
  },
  setRetention: {
    method: 'PUT',
    path: '/v1/audit/retention',
    summary:
      'Sets how long audit events are kept whole. Older ones are removed soon after; their hashes stay, and so do all proofs.',
    permission: 'installation:manage',
    action: 'audit.retention',
    subject,
    confirmsRight: true,
    body: { keepDays: KeepDays },
    responses: { 200: Retention },
    answersVersion: true,
    isVersioned: true,
  },
  redactEvents: {
    method: 'POST',
    path: '/v1/audit/redactions',
    summary:
      'Removes what the trail holds of a person, or single events, for good: everything but their hashes. Name one of the two. Your own events, those about the trail itself, and recent sessions and role changes stay. The removal is an audit event itself.',
    permission: 'installation:manage',
    action: 'audit.redact',
    subject,
    confirmsRight: true,
    query: { dryRun: choiceField(['false', 'true'], 'Whether only the numbers are answered, and nothing is removed.') },
    body: {
      userId: Type.Optional(
        field(UserId, 'The events that name this user by id or e-mail address: as actor, as resource or in a change.'),
      ),
      emails: Type.Optional(
        Type.Array(Email, {
          minItems: 1,
          maxItems: redactionEmailsMax,
          description: 'Addresses that the account had before; the present one is known.',
        }),
      ),
      eventIds: Type.Optional(
        Type.Array(Uuid, { minItems: 1, maxItems: redactionEventsMax, description: 'The ids of single events.' }),
      ),
    },
    responses: {
      200: closed({
        removed: Type.Integer({
          minimum: 0,
          description: 'How many events and dead letters were removed; with `dryRun` how many would be.',
          examples: [17],
        }),
        kept: Type.Integer({
          minimum: 0,
          description:
            'How many of those that are meant stay: your own events, those about the trail itself, recent sessions and role changes.',
          examples: [2],
        }),
        isDryRun: Type.Boolean({ description: 'Whether nothing was removed.', examples: [false] }),
      }),
    },
    example: { body: { userId: '7d2f4c1a-3b5e-4a6f-8c9d-1e2f3a4b5c6d' } },
  },
});
