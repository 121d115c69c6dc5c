import { Type, type Static } from 'typebox';
import { closed, CommunityId, Email, field, Name, named, Timestamp, UserId, Uuid } from './fields.ts';
import { auditAction } from './patterns.ts';
import type { ServiceName } from './service-names.ts';

/** The longest address and user agent in an audit event, in UTF-16 code units. Longer ones are cut. */
export const actorLimits = { ipCharactersMax: 64, userAgentCharactersMax: 512 } as const;

/**
 * The message that a relay publishes from a service's outbox to the queue. `kind` selects the consumer, see `eventDestinations`.
 * Delivery is at-least-once; consumers deduplicate by `id`.
 */
export const Actor = named('Actor', 'Who did it.', {
  type: Type.Enum(['user', 'token', 'system'], { description: 'A user, a token of a user, or Guildhall itself.' }),
  id: field(UserId, 'The id of the user; a name of its own for Guildhall itself.'),
  sessionId: Type.Optional(field(Uuid, 'The session it happened in.', '2e3f4a5b-6c7d-4e8f-9a0b-1c2d3e4f5a6b')),
  ip: Type.Optional(
    Type.String({ maxLength: actorLimits.ipCharactersMax, description: 'The address of the client.', examples: ['203.0.113.7'] }),
  ),
  userAgent: Type.Optional(
    Type.String({
      maxLength: actorLimits.userAgentCharactersMax,
      description: 'What the client calls itself.',
      examples: ['curl/8.5.0'],
    }),
  ),
});
export type Actor = Static<typeof Actor>;

/** One changed path (JSON Pointer, RFC 6901). Never a secret; of long texts their digest and size. */
export const Change = named('Change', 'One change. Never a secret; of long texts their digest and size.', {
  path: Type.String({ maxLength: 512, description: 'What changed: a JSON Pointer (RFC 6901).', examples: ['/name'] }),
  before: Type.Optional(Type.Unknown({ description: 'The value before.', examples: ['load-orders'] })),
  after: Type.Optional(Type.Unknown({ description: 'The value after.', examples: ['load-orders.sh'] })),
});
export type Change = Static<typeof Change>;

const Resource = named('Resource', 'The resource that an event is about.', {
  type: Type.String({ minLength: 1, maxLength: 60, description: 'The type of the resource.', examples: ['script'] }),
  id: Type.String({
    minLength: 1,
    maxLength: 255,
    description: 'The id of the resource; `new` where the creation of one was denied.',
    examples: ['3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f'],
  }),
  name: Type.Optional(
    Type.String({ maxLength: 400, description: 'What the resource was called then.', examples: ['load-orders.sh'] }),
  ),
});

export const AuditPayload = closed({
  actor: Actor,
  action: Type.String({
    pattern: auditAction,
    maxLength: 100,
    description: 'What was done or tried: `noun.verb`.',
    examples: ['script.update'],
  }),
  resource: Resource,
  communityId: Type.Optional(field(CommunityId, 'The community it happened in.')),
  result: Type.Enum(['success', 'denied', 'failure'], { description: 'How it ended.' }),
  changes: Type.Optional(Type.Array(Change, { maxItems: 200, description: 'What changed.' })),
  requestId: Type.String({
    minLength: 1,
    maxLength: 128,
    description: 'The request it happened in.',
    examples: ['7c0e5f0e-6a4f-4d6e-9d0a-0d4a2b1f9c11'],
  }),
  service: Type.String({
    minLength: 1,
    maxLength: 60,
    description: 'The service that wrote the event.',
    examples: ['team-resources'],
  }),
});
/** An audit event: the actor, the action, the resource, the result and the changes. */
export type AuditPayload = Static<typeof AuditPayload>;

/** The states of an account that other services are told of. */
export const accountStatuses = ['active', 'suspended', 'erased'] as const;

export const UserChangedPayload = Type.Object(
  {
    userId: UserId,
    displayName: Type.String({ maxLength: 200 }),
    version: Type.Integer({ minimum: 1 }),
    /** Absent: active. */
    status: Type.Optional(Type.Enum([...accountStatuses])),
    /** The address that an erased account had, for whoever keeps something under it. */
    email: Type.Optional(Email),
  },
  { additionalProperties: false },
);
/** The event by which auth announces a new, renamed or erased account; team-resources keeps a copy of the newest version. */
export type UserChangedPayload = Static<typeof UserChangedPayload>;

export const InviteMailPayload = closed({
  inviteId: Uuid,
  email: Email,
  role: Type.Enum(['admin', 'moderator', 'member', 'viewer']),
  communityName: Name,
  inviterName: Type.String({ maxLength: 200 }),
  expiresAt: Timestamp,
});
/**
 * The event by which team-resources asks auth to mail an invite to its address. It carries no token: auth derives the token from
 * the id of the invite.
 */
export type InviteMailPayload = Static<typeof InviteMailPayload>;

/** The outcomes of the mail of an invite. `unavailable`: this installation has no mail server. */
export const mailOutcomes = ['sent', 'refused', 'failed', 'held', 'unavailable'] as const;
export type MailOutcome = (typeof mailOutcomes)[number];

export const InviteMailSettledPayload = closed({ requestId: Uuid, outcome: Type.Enum([...mailOutcomes]) });
/** The event by which auth says what became of the mail that the event `requestId` asked for. */
export type InviteMailSettledPayload = Static<typeof InviteMailSettledPayload>;

const envelope = { id: Uuid, occurredAt: Timestamp };
export const AuditEventMessage = closed({ ...envelope, kind: Type.Literal('audit'), payload: AuditPayload });
export const UserChangedMessage = closed({ ...envelope, kind: Type.Literal('user-changed'), payload: UserChangedPayload });
export const InviteMailMessage = closed({ ...envelope, kind: Type.Literal('invite-mail'), payload: InviteMailPayload });
export const InviteMailSettledMessage = closed({
  ...envelope,
  kind: Type.Literal('invite-mail-settled'),
  payload: InviteMailSettledPayload,
});
export type AuditEventMessage = Static<typeof AuditEventMessage>;
export type UserChangedMessage = Static<typeof UserChangedMessage>;
export type InviteMailMessage = Static<typeof InviteMailMessage>;
export type InviteMailSettledMessage = Static<typeof InviteMailSettledMessage>;

/** The messages that a service may append to its outbox. */
export type OutboxMessage = AuditEventMessage | UserChangedMessage | InviteMailMessage | InviteMailSettledMessage;
export type EventKind = OutboxMessage['kind'];

/** The service that consumes the events of each kind and confirms the ones that it stored. */
export const eventDestinations = {
  audit: 'audit',
  'user-changed': 'team-resources',
  'invite-mail': 'auth',
  'invite-mail-settled': 'team-resources',
} as const satisfies Record<EventKind, string>;

/** The services that may write events of each kind to the queue. What another one signs is set aside. */
export const eventWriters = {
  audit: ['auth', 'team-resources'],
  'user-changed': ['auth'],
  'invite-mail': ['team-resources'],
  'invite-mail-settled': ['auth'],
} as const satisfies Record<EventKind, readonly ServiceName[]>;
