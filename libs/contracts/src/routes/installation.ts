import { Type, type Static } from 'typebox';
import { Timestamp, Uuid } from '../fields.ts';
import { serviceNames } from '../service-names.ts';
import { route } from '../route.ts';

const tag = 'installation';
const closed = { additionalProperties: false } as const;

/** Why a database or a queue cannot be used. `detail` says what to do about it. */
export const installationFaults = [
  'SCHEME_UNSUPPORTED',
  'UNREACHABLE',
  'ACCESS_DENIED',
  'DATABASE_MISSING',
  'ENGINE_UNSUPPORTED',
  'VERSION_UNSUPPORTED',
  'READ_ONLY',
  'CANNOT_CREATE_SCHEMAS',
  'NEWER_INSTALLATION',
  'QUEUE_REQUIRED',
  'QUEUE_UNREACHABLE',
  'ADMINISTRATOR_REQUIRED',
  'ADMINISTRATOR_REFUSED',
  'MIGRATION_FAILED',
  'SERVICE_UNREACHABLE',
] as const;
export type InstallationFaultCode = (typeof installationFaults)[number];

/** What works, and could be better. */
export const installationWarnings = ['ONE_ROLE', 'NO_TLS', 'SLOW', 'NOT_EMPTY'] as const;
export type InstallationWarningCode = (typeof installationWarnings)[number];

export const InstallationFault = Type.Object({ code: Type.Enum(installationFaults), detail: Type.String() }, closed);
export type InstallationFault = Static<typeof InstallationFault>;
export const InstallationWarning = Type.Object({ code: Type.Enum(installationWarnings), detail: Type.String() }, closed);
export type InstallationWarning = Static<typeof InstallationWarning>;

/** What a run does, in this order. */
export const installationSteps = [
  'test_database',
  'prepare_database',
  'migrate_auth',
  'migrate_team-resources',
  'migrate_audit',
  'create_administrator',
  'connect',
] as const;
export type InstallationStepName = (typeof installationSteps)[number];

export const InstallationRun = Type.Object(
  {
    id: Uuid,
    status: Type.Enum(['running', 'succeeded', 'failed']),
    startedAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
    steps: Type.Array(
      Type.Object(
        {
          name: Type.Enum(installationSteps),
          status: Type.Enum(['pending', 'running', 'done', 'failed']),
          /** How far it is, or how it ended, in a few words. */
          detail: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    fault: Type.Union([InstallationFault, Type.Null()]),
    warnings: Type.Array(InstallationWarning),
  },
  closed,
);
export type InstallationRun = Static<typeof InstallationRun>;

const Engine = Type.Object({ name: Type.Enum(['PostgreSQL', 'CockroachDB']), version: Type.String() }, closed);

export const Installation = Type.Object(
  {
    state: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable']),
    /** Where the shared database's address comes from; null without one. */
    source: Type.Union([Type.Enum(['environment', 'installation']), Type.Null()]),
    services: Type.Array(
      Type.Object(
        {
          service: Type.Enum(serviceNames),
          status: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable', 'unreachable']),
          /** A few words on why it is not ready. */
          detail: Type.Optional(Type.String()),
          /** Null while they cannot be read. */
          migrations: Type.Union([
            Type.Object({ applied: Type.Integer({ minimum: 0 }), pending: Type.Integer({ minimum: 0 }) }, closed),
            Type.Null(),
          ]),
        },
        closed,
      ),
    ),
    /** The run under way, or the last one of this process; null where there was none. */
    run: Type.Union([InstallationRun, Type.Null()]),
  },
  closed,
);
export type Installation = Static<typeof Installation>;

/** Where a shared database is; nothing of it is ever shown again. */
const Address = {
  databaseUrl: Type.String({ minLength: 1, maxLength: 2_000, description: 'postgres://user:password@host:port/database' }),
  queueUrl: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2_000,
      description: 'redis:// or rediss://; without it events travel over a schema of the database, which CockroachDB cannot do.',
    }),
  ),
};

export const DatabaseReport = Type.Object(
  {
    isUsable: Type.Boolean(),
    engine: Type.Union([Engine, Type.Null()]),
    /** Of one small statement, the median of several. */
    latencyMs: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
    /** Whether each service gets a role of its own. */
    canCreateRoles: Type.Boolean(),
    holds: Type.Enum(['nothing', 'guildhall', 'unknown']),
    faults: Type.Array(InstallationFault),
    warnings: Type.Array(InstallationWarning),
  },
  closed,
);
export type DatabaseReport = Static<typeof DatabaseReport>;

export const getInstallation = route({
  name: 'getInstallation',
  method: 'GET',
  path: '/v1/installation',
  tag,
  summary: 'Whether a shared database is connected, and how each service is.',
  responses: { 200: Installation },
  errors: [],
});

export const testDatabase = route({
  name: 'testDatabase',
  method: 'POST',
  path: '/v1/installation/test',
  tag,
  summary: 'Looks whether a database can be the shared one. Changes nothing.',
  body: Type.Object(Address, closed),
  responses: { 200: DatabaseReport },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT', 'TOO_LARGE'],
});

export const configureInstallation = route({
  name: 'configureInstallation',
  method: 'POST',
  path: '/v1/installation/configure',
  tag,
  summary:
    'Connects a shared database, or moves to another one: prepares it, has every service migrate its schema, makes the first administrator. The same request again joins the run under way.',
  body: Type.Object(
    {
      ...Address,
      administrator: Type.Optional(
        Type.Object(
          {
            email: Type.String({ format: 'email', maxLength: 254 }),
            password: Type.String({ minLength: 12, maxLength: 72 }),
            displayName: Type.String({ minLength: 1, maxLength: 200 }),
          },
          { ...closed, description: 'The first owner; not needed where the database has one.' },
        ),
      ),
    },
    closed,
  ),
  responses: { 202: InstallationRun },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT', 'UNPROCESSABLE', 'TOO_LARGE', 'SERVICE_UNAVAILABLE'],
});

export const followInstallation = route({
  name: 'followInstallation',
  method: 'GET',
  path: '/v1/installation/events',
  tag,
  summary: 'The run under way as server-sent events: one `run` event with the whole run at each change.',
  media: 'text/event-stream',
  responses: { 200: Type.String() },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN'],
});

export const disconnectInstallation = route({
  name: 'disconnectInstallation',
  method: 'DELETE',
  path: '/v1/installation',
  tag,
  summary: 'Goes back to solo. The shared database and the solo file keep what they hold.',
  responses: { 200: Installation },
  errors: ['UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT'],
});
