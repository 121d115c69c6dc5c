import { Type, type Static } from 'typebox';
import { Timestamp, UserId, Uuid } from './fields.ts';

/** The longest address and user agent in an audit event, in UTF-16 code units. Longer ones are cut. */
export const actorLimits = { ipCharactersMax: 64, userAgentCharactersMax: 512 } as const;

/**
 * What travels from a service's outbox over the queue. `kind` says who takes it: see `eventDestinations`.
 * An event is published at least once; its `id` makes taking it idempotent.
 */
export const Actor = Type.Object(
  {
    type: Type.Enum(['user', 'token', 'system']),
    id: UserId,
    sessionId: Type.Optional(Uuid),
    ip: Type.Optional(Type.String({ maxLength: actorLimits.ipCharactersMax })),
    userAgent: Type.Optional(Type.String({ maxLength: actorLimits.userAgentCharactersMax })),
  },
  { additionalProperties: false },
);
export type Actor = Static<typeof Actor>;

/** One changed path (JSON Pointer, RFC 6901). Never a secret; long texts are told by their digest and size. */
export const Change = Type.Object(
  { path: Type.String({ maxLength: 512 }), before: Type.Optional(Type.Unknown()), after: Type.Optional(Type.Unknown()) },
  { additionalProperties: false },
);
export type Change = Static<typeof Change>;

export const AuditPayload = Type.Object(
  {
    actor: Actor,
    action: Type.String({ pattern: '^[a-z][a-z-]*(\\.[a-z][a-z-]*)+$', maxLength: 100 }),
    resource: Type.Object(
      {
        type: Type.String({ minLength: 1, maxLength: 60 }),
        id: Type.String({ minLength: 1, maxLength: 255 }),
        name: Type.Optional(Type.String({ maxLength: 400 })),
      },
      { additionalProperties: false },
    ),
    communityId: Type.Optional(Uuid),
    result: Type.Enum(['success', 'denied', 'failure']),
    changes: Type.Optional(Type.Array(Change, { maxItems: 200 })),
    requestId: Type.String({ minLength: 1, maxLength: 128 }),
    service: Type.String({ minLength: 1, maxLength: 60 }),
  },
  { additionalProperties: false },
);
/** Who did what to which resource, with what result and what changed. */
export type AuditPayload = Static<typeof AuditPayload>;

export const UserChangedPayload = Type.Object(
  { userId: UserId, displayName: Type.String({ maxLength: 200 }), version: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);
/** auth tells that an account was made or renamed; team-resources keeps its copy of the newest version. */
export type UserChangedPayload = Static<typeof UserChangedPayload>;

const envelope = { id: Uuid, occurredAt: Timestamp };
export const AuditEventMessage = Type.Object(
  { ...envelope, kind: Type.Literal('audit'), payload: AuditPayload },
  { additionalProperties: false },
);
export const UserChangedMessage = Type.Object(
  { ...envelope, kind: Type.Literal('user-changed'), payload: UserChangedPayload },
  { additionalProperties: false },
);
export type AuditEventMessage = Static<typeof AuditEventMessage>;
export type UserChangedMessage = Static<typeof UserChangedMessage>;

/** Everything that a service may leave in its outbox. */
export type OutboxMessage = AuditEventMessage | UserChangedMessage;
export type EventKind = OutboxMessage['kind'];

/** Which service takes events of a kind: it consumes the queue of that kind and confirms what it stored. */
export const eventDestinations = {
  audit: 'audit',
  'user-changed': 'team-resources',
} as const satisfies Record<EventKind, string>;
