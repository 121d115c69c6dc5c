import { Type, type Static } from 'typebox';
import { accountStatuses, AuditEventMessage, type EventKind } from '../events.ts';
import { Name, UserId, Uuid } from '../fields.ts';
import type { HeldRole } from '../permissions.ts';
import { route } from '../route.ts';

export * from './workspace-imports.ts';
export * from './workspace-sync.ts';

/** The contracts between the processes of an installation. The gateway never exposes them. */
const closed = { additionalProperties: false } as const;
const whenAway = ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'] as const;

/** The largest number of events in one request. */
export const askedEventsMax = 1_000;
export const reportedEventsMax = 200;

/** An event by its id and the SHA-256 of its canonical text, in base64url. */
const AskedEvent = Type.Object({ id: Uuid, digest: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, closed);

/** Served by the consumer of the events of these kinds. */
export const findMissingEvents = (...kinds: readonly [EventKind, ...EventKind[]]) =>
  route({
    name: 'findMissingEvents',
    method: 'POST',
    path: '/internal/events/missing',
    summary:
      'The events that are neither stored nor kept as dead letters, and those in whose place another event is stored under the same id.',
    body: Type.Object({ kind: Type.Enum([...kinds]), events: Type.Array(AskedEvent, { maxItems: askedEventsMax }) }, closed),
    responses: { 200: Type.Object({ missing: Type.Array(Uuid), altered: Type.Array(Uuid) }, closed) },
    errors: whenAway,
  });

/** Served by every service with an outbox. */
export const getOutboxDepth = route({
  name: 'getOutboxDepth',
  method: 'GET',
  path: '/internal/outbox',
  summary: 'How many events still wait to be published, and how long the oldest has waited.',
  responses: {
    200: Type.Object({ waiting: Type.Integer({ minimum: 0 }), oldestWaitingSeconds: Type.Number({ minimum: 0 }) }, closed),
  },
  errors: whenAway,
});

/** Served by audit. */
export const reportEvents = route({
  name: 'reportEvents',
  method: 'POST',
  path: '/internal/events',
  summary:
    'Stores events of the process that reports them, and of no other. Reporting one again changes nothing; `stored` counts the new ones.',
  body: Type.Object({ messages: Type.Array(AuditEventMessage, { maxItems: reportedEventsMax }) }, closed),
  responses: { 200: Type.Object({ stored: Type.Integer({ minimum: 0 }) }, closed) },
  errors: [...whenAway, 'FORBIDDEN', 'TOO_LARGE'],
  // Room for a full report of events with their changes.
  bodyBytesMax: 4 * 1024 * 1024,
});

/** Served by auth. */
export const listRevokedSessions = route({
  name: 'listRevokedSessions',
  method: 'GET',
  path: '/internal/revoked-sessions',
  summary:
    'Sessions that ended and accounts whose rights changed since a time, and the keys that tokens are good with; ask again with the `now` of the last answer.',
  query: Type.Object({ since: Type.String({ format: 'date-time', maxLength: 40 }) }, closed),
  responses: {
    200: Type.Object(
      {
        sessionIds: Type.Array(Type.String()),
        accounts: Type.Optional(
          Type.Array(Type.Object({ userId: Type.String(), accessVersion: Type.Integer() }, closed), {
            description:
              'Whose rights or address changed: access tokens with an earlier version are refused. Absent from earlier versions of auth.',
          }),
        ),
        keyIds: Type.Array(Type.String(), { description: 'Every signing key there is, by its `kid`.' }),
        now: Type.String(),
      },
      closed,
    ),
  },
  errors: whenAway,
});

/** Served by auth. */
export const findPermissions = route({
  name: 'findPermissions',
  method: 'GET',
  path: '/internal/permissions',
  summary: 'The global permissions that a user holds at this moment. `permissions` is null once the session has ended.',
  query: Type.Object({ userId: UserId, sessionId: Uuid }, closed),
  responses: { 200: Type.Object({ permissions: Type.Union([Type.Array(Type.String()), Type.Null()]) }, closed) },
  errors: whenAway,
});

/** Served by auth. */
export const findAccount = route({
  name: 'findAccount',
  method: 'GET',
  path: '/internal/account',
  summary: 'The e-mail address of an account, also of one that was suspended or deleted.',
  query: Type.Object({ userId: UserId }, closed),
  responses: { 200: Type.Object({ email: Type.String() }, closed) },
  errors: [...whenAway, 'NOT_FOUND'],
});

/** The largest page of `listUsers`. */
export const listedUsersMax = 1_000;

const ListedUser = Type.Object(
  {
    userId: UserId,
    displayName: Type.String({ maxLength: 200 }),
    version: Type.Integer({ minimum: 1 }),
    status: Type.Enum([...accountStatuses]),
  },
  closed,
);
export type ListedUser = Static<typeof ListedUser>;

/** Served by auth. */
export const listAnnouncedUsers = route({
  name: 'listAnnouncedUsers',
  method: 'GET',
  path: '/internal/users',
  summary:
    'The accounts that `user-changed` events were sent of, in the order of their ids, for whoever keeps a copy of them. `next` is the `after` of the next page; null on the last one.',
  query: Type.Object(
    { after: Type.Optional(UserId), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: listedUsersMax })) },
    closed,
  ),
  responses: {
    200: Type.Object(
      { users: Type.Array(ListedUser, { maxItems: listedUsersMax }), next: Type.Union([UserId, Type.Null()]) },
      closed,
    ),
  },
  errors: [...whenAway, 'FORBIDDEN'],
});

/** Served by team-resources. Name either a community or a workspace. */
export const findAccess = route({
  name: 'findAccess',
  method: 'GET',
  path: '/internal/access',
  summary: 'What a user is in a community, named by itself or by one of its workspaces. `role` is null for a stranger.',
  query: Type.Object({ userId: UserId, communityId: Type.Optional(Uuid), workspaceId: Type.Optional(Uuid) }, closed),
  responses: {
    200: Type.Object({ communityId: Uuid, role: Type.Union([Type.Unsafe<HeldRole>(Type.String()), Type.Null()]) }, closed),
  },
  errors: [...whenAway, 'NOT_FOUND'],
});

/** The state of a service's link to the shared database. Contains no address. */
export const DatabaseState = Type.Object(
  {
    /** The source of the configuration: the environment or the gateway. */
    source: Type.Union([Type.Enum(['environment', 'installation']), Type.Null()]),
    /** The id of the configuration that the gateway sent; null without one. */
    configurationId: Type.Union([Uuid, Type.Null()]),
    status: Type.Enum(['not_configured', 'migrating', 'connecting', 'ready', 'unavailable']),
    detail: Type.Optional(Type.String()),
    migrations: Type.Union([
      Type.Object({ applied: Type.Integer({ minimum: 0 }), pending: Type.Integer({ minimum: 0 }) }, closed),
      Type.Null(),
    ]),
    /** The migrations that this version of the service knows, in order. A database with others is newer. */
    migrationNames: Type.Optional(Type.Array(Type.String())),
    /** The reason why the migrations cannot be applied; null without a failure. */
    fault: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);
export type DatabaseState = Static<typeof DatabaseState>;

/** Served by every service with a schema in the shared database. */
export const getDatabaseState = route({
  name: 'getDatabaseState',
  method: 'GET',
  path: '/internal/database',
  summary: 'How this service is connected to the shared database.',
  responses: { 200: DatabaseState },
  errors: ['UNAUTHENTICATED'],
});

export const connectDatabase = route({
  name: 'connectDatabase',
  method: 'PUT',
  path: '/internal/database',
  summary:
    "Starts to migrate this service's schema in the database, and then to use it in place of the former one; the state shows the progress. Idempotent. CONFLICT if the environment names the database.",
  body: Type.Object(
    {
      configurationId: Uuid,
      databaseUrl: Type.String({ minLength: 1, maxLength: 2_000 }),
      queueUrl: Type.String({ minLength: 1, maxLength: 2_000 }),
    },
    closed,
  ),
  responses: { 202: DatabaseState },
  errors: ['UNAUTHENTICATED', 'CONFLICT', 'TOO_LARGE'],
});

export const disconnectDatabase = route({
  name: 'disconnectDatabase',
  method: 'DELETE',
  path: '/internal/database',
  summary: 'Disconnects from the shared database. CONFLICT if the environment names it.',
  responses: { 200: DatabaseState },
  errors: ['UNAUTHENTICATED', 'CONFLICT'],
});

/** Served by auth. */
export const makeFirstOwner = route({
  name: 'makeFirstOwner',
  method: 'POST',
  path: '/internal/owner',
  summary: 'Makes a confirmed account that owns the installation. Where there is an owner nothing changes and `isNew` is false.',
  body: Type.Object(
    {
      email: Type.String({ format: 'email', maxLength: 254 }),
      password: Type.String({ minLength: 1, maxLength: 200 }),
      displayName: Name,
    },
    closed,
  ),
  responses: { 200: Type.Object({ isNew: Type.Boolean() }, closed) },
  errors: [...whenAway, 'WEAK_PASSWORD', 'CONFLICT', 'TOO_LARGE'],
});

/** Served by auth. */
export const findOwner = route({
  name: 'findOwner',
  method: 'GET',
  path: '/internal/owner',
  summary: 'Whether the installation has an owner.',
  responses: { 200: Type.Object({ hasOwner: Type.Boolean() }, closed) },
  errors: whenAway,
});

export { findOutsideUser, findPersonalToken } from './internal-tokens.ts';
export { listOwnRows, listOwnTables } from './internal-data.ts';
export { getMigrations, getProcess, listSigningKeys } from './internal-system.ts';
export { repairAuditLog } from './audit-repairs.ts';
