import { Type, type Static } from 'typebox';
import { closed, field, named, nullable, Timestamp, Uuid } from '../fields.ts';
import { serviceNames } from '../service-names.ts';

/** The reason why a database or a queue cannot be used. `detail` says what to do about it. */
const installationFaults = [
  'SCHEME_UNSUPPORTED',
  'PLACEHOLDER',
  'UNREACHABLE',
  'ACCESS_DENIED',
  'DATABASE_MISSING',
  'ENGINE_UNSUPPORTED',
  'VERSION_UNSUPPORTED',
  'ENCODING_UNSUPPORTED',
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

/** A shortcoming of a database or queue that can still be used. */
const installationWarnings = ['ONE_ROLE', 'NO_TLS', 'SLOW', 'NOT_EMPTY'] as const;
export type InstallationWarningCode = (typeof installationWarnings)[number];

export const InstallationFault = named('InstallationFault', 'Why a database or a queue cannot be used.', {
  code: Type.Enum(installationFaults, { description: 'What is wrong.', examples: ['ACCESS_DENIED'] }),
  detail: field(Type.String(), 'What happened, and what to do about it.', 'The server refused the user name or the password.'),
});
export type InstallationFault = Static<typeof InstallationFault>;
export const InstallationWarning = named('InstallationWarning', 'A warning: something that works, but could be better.', {
  code: Type.Enum(installationWarnings, { description: 'What could be better.', examples: ['NO_TLS'] }),
  detail: field(Type.String(), 'What it means, and what to do about it.', 'The connection is not encrypted.'),
});
export type InstallationWarning = Static<typeof InstallationWarning>;

/** The steps of a run, in this order. */
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

const InstallationStep = named('InstallationStep', 'One step of a run.', {
  name: Type.Enum(installationSteps, { description: 'Which step it is.' }),
  status: Type.Enum(['pending', 'running', 'done', 'failed'], { description: 'How far it is.', examples: ['done'] }),
  detail: Type.Optional(field(Type.String(), 'How far it is, or how it ended, in a few words.', 'PostgreSQL 18.1, 2 ms away')),
});

export const InstallationRun = named('InstallationRun', 'A run that connects a shared database.', {
  id: field(Uuid, 'The id of the run.', '6f7a8b9c-0d1e-4f2a-8b3c-4d5e6f7a8b9c'),
  status: Type.Enum(['running', 'succeeded', 'failed'], { description: 'Whether it is under way, or how it ended.' }),
  startedAt: field(Timestamp, 'When it began.'),
  endedAt: nullable(Timestamp, 'When it ended; null while it is under way.'),
  steps: Type.Array(InstallationStep, { description: 'Its steps, in their order.' }),
  fault: nullable(InstallationFault, 'Why it failed; null where it did not.'),
  warnings: Type.Array(InstallationWarning, { description: 'Warnings: what works, but could be better.' }),
});
export type InstallationRun = Static<typeof InstallationRun>;

const Migrations = closed({
  applied: Type.Integer({ minimum: 0, description: 'How many were applied.', examples: [12] }),
  pending: Type.Integer({ minimum: 0, description: 'How many are still to be applied.', examples: [0] }),
});

const ServiceState = named('ServiceState', 'How one service is connected to the shared database.', {
  service: Type.Enum(serviceNames, { description: 'The service.' }),
  status: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable', 'unreachable'], {
    description: 'How it is.',
    examples: ['ready'],
  }),
  detail: Type.Optional(field(Type.String(), 'Why it is not ready, in a few words.', 'The database refuses connections.')),
  migrations: nullable(Migrations, 'The migrations of its schema; null while they cannot be read.'),
});

export const Installation = named('Installation', 'Whether a shared database is connected, and how each service is.', {
  state: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable'], {
    description: 'The state of the shared database.',
    examples: ['ready'],
  }),
  source: nullable(
    Type.Enum(['environment', 'installation'], { examples: ['installation'] }),
    "The source of the shared database's address; null if there is none.",
  ),
  services: Type.Array(ServiceState, { description: 'The services behind the gateway.' }),
  run: nullable(InstallationRun, 'The run under way, or the last one of this process; null where there was none.'),
});
export type Installation = Static<typeof Installation>;

export const DatabaseReport = named('DatabaseReport', 'Whether a database can be the shared one.', {
  isUsable: Type.Boolean({ description: 'True if the database can be used.' }),
  engine: nullable(
    closed({
      name: Type.Enum(['PostgreSQL', 'CockroachDB'], { description: 'Which engine it is.' }),
      version: field(Type.String(), 'Its version.', '18.1'),
    }),
    'The engine; null where it could not be asked.',
  ),
  latencyMs: nullable(
    Type.Number({ minimum: 0, examples: [1.8] }),
    'The time of one small statement in milliseconds, the median of several; null where it could not be asked.',
  ),
  canCreateRoles: Type.Boolean({ description: 'Whether each service gets a role of its own.' }),
  holds: Type.Enum(['nothing', 'guildhall', 'unknown'], { description: 'What lies in it already.' }),
  faults: Type.Array(InstallationFault, { description: 'Why it cannot be used; empty where it can.', examples: [[]] }),
  warnings: Type.Array(InstallationWarning, { description: 'Warnings: what works, but could be better.' }),
});
export type DatabaseReport = Static<typeof DatabaseReport>;
