import { Type } from 'typebox';
import { AuditEventMessage, type EventKind } from '../events.ts';
import { UserId, Uuid } from '../fields.ts';
import { communityRoles } from '../permissions.ts';
import { route } from '../route.ts';

/** What the processes of an installation ask each other; never reachable through the gateway. */
const tag = 'internal';
const closed = { additionalProperties: false } as const;
const whenAway = ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'] as const;

/** Events that one question or report may name. */
export const askedEventsMax = 1_000;
export const reportedEventsMax = 200;

/** Answered by the service that takes events of `kind`. */
export const findMissingEvents = <K extends EventKind>(kind: K) =>
  route({
    name: 'findMissingEvents',
    method: 'POST',
    path: '/internal/events/missing',
    tag,
    summary: 'Which of these events were neither taken nor set aside.',
    body: Type.Object({ kind: Type.Literal(kind), ids: Type.Array(Uuid, { maxItems: askedEventsMax }) }, closed),
    responses: { 200: Type.Object({ missing: Type.Array(Uuid) }, closed) },
    errors: whenAway,
  });

/** Answered by every service with an outbox. */
export const getOutboxDepth = route({
  name: 'getOutboxDepth',
  method: 'GET',
  path: '/internal/outbox',
  tag,
  summary: 'How many events still wait to be published, and how long the oldest has waited.',
  responses: {
    200: Type.Object({ waiting: Type.Integer({ minimum: 0 }), oldestWaitingSeconds: Type.Number({ minimum: 0 }) }, closed),
  },
  errors: whenAway,
});

/** Answered by audit. */
export const reportEvents = route({
  name: 'reportEvents',
  method: 'POST',
  path: '/internal/events',
  tag,
  summary: 'Stores events of a process without an outbox. Reporting one again changes nothing; `stored` counts the new ones.',
  body: Type.Object({ messages: Type.Array(AuditEventMessage, { maxItems: reportedEventsMax }) }, closed),
  responses: { 200: Type.Object({ stored: Type.Integer({ minimum: 0 }) }, closed) },
  errors: [...whenAway, 'TOO_LARGE'],
});

/** Answered by auth. */
export const listRevokedSessions = route({
  name: 'listRevokedSessions',
  method: 'GET',
  path: '/internal/revoked-sessions',
  tag,
  summary: 'Sessions that ended since a time; ask again with the `now` of the last answer.',
  query: Type.Object({ since: Type.String({ format: 'date-time', maxLength: 40 }) }, closed),
  responses: { 200: Type.Object({ sessionIds: Type.Array(Type.String()), now: Type.String() }, closed) },
  errors: whenAway,
});

/** Answered by team-resources. Name either a community or a workspace. */
export const findAccess = route({
  name: 'findAccess',
  method: 'GET',
  path: '/internal/access',
  tag,
  summary: 'What a user is in a community, named by itself or by one of its workspaces. `role` is null for a stranger.',
  query: Type.Object({ userId: UserId, communityId: Type.Optional(Uuid), workspaceId: Type.Optional(Uuid) }, closed),
  responses: {
    200: Type.Object({ communityId: Uuid, role: Type.Union([Type.Enum([...communityRoles]), Type.Null()]) }, closed),
  },
  errors: [...whenAway, 'NOT_FOUND'],
});
