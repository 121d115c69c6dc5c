import { Type, type Static } from 'typebox';
import { closed, field, named, nullable, Timestamp } from '../fields.ts';
import { group } from '../route.ts';
import { serviceNames } from '../service-names.ts';

const Service = Type.Enum(serviceNames, { description: 'The service.', examples: ['audit'] });
const Seconds = Type.Number({ minimum: 0, examples: [2.5] });
const Count = (description: string, example = 0) => Type.Integer({ minimum: 0, description, examples: [example] });

export const ConnectionPool = closed({
  open: Count('Open connections.', 10),
  inUse: Count('Connections in use.', 1),
  waiting: Count('Requests that wait for a connection.'),
});

/** The queues of a service: what it has to send, what it has to take, and mails. */
const queueNames = ['outbox', 'inbox', 'mails'] as const;

export const ServiceQueue = closed({
  name: Type.Enum([...queueNames], {
    description: 'Which one: events that the service has to send, events that it has to take, or mails.',
    examples: ['outbox'],
  }),
  waiting: nullable(Type.Integer({ minimum: 0, examples: [3] }), 'How many wait; null where the service does not know.'),
  failed: nullable(
    Type.Integer({ minimum: 0, examples: [0] }),
    'Dead letters: how many could not be taken; null where the queue keeps none.',
  ),
  oldestSeconds: nullable(Seconds, 'How long the oldest has waited, in seconds; null where that is not known.'),
});
export type ServiceQueue = Static<typeof ServiceQueue>;

const Lane = closed({
  connections: Count('Open connections.', 4),
  callsInFlight: Count('Calls that wait for their answers.'),
  calls: Count('Calls that were sent since the gateway started.', 40_214),
});

const ServiceReport = named('ServiceReport', 'How one service is, as this gateway sees it.', {
  service: Service,
  status: Type.Enum(['not_configured', 'connecting', 'ready', 'unavailable', 'unreachable'], {
    description: 'How it is.',
    examples: ['ready'],
  }),
  detail: Type.Optional(field(Type.String(), 'Why it is not ready, in a few words.', 'The database refuses connections.')),
  since: nullable(Timestamp, 'Since when it is so, as this gateway saw it; null before the first look.'),
  checkedAt: nullable(Timestamp, 'When this gateway looked last; null before the first look.'),
  version: nullable(Type.String({ examples: ['0.1.0'] }), 'The release that answered; null where none answered.'),
  startedAt: nullable(Timestamp, 'When the process that answered was started; null where none answered.'),
  replicas: Count('Processes of the service that answered this gateway within the last minute: at least these run.', 1),
  pool: nullable(
    ConnectionPool,
    'Its connections to the shared database, in the process that answered; null where none answered.',
  ),
  lane: nullable(Lane, 'The lane of this gateway to it; null where everything goes by HTTP.'),
  queues: nullable(Type.Array(ServiceQueue, { description: 'Its queues.' }), 'Its queues; null where they could not be read.'),
});
export type ServiceReport = Static<typeof ServiceReport>;

export const SigningKeyState = named('SigningKeyState', 'A key that signs access tokens, without its private half.', {
  id: Type.String({ description: 'Its `kid`.', examples: ['Zk3pD1'] }),
  status: Type.Enum(['next', 'current', 'retired'], {
    description:
      '`next` is published and does not sign yet, `current` signs, `retired` verifies until its last token has expired.',
    examples: ['current'],
  }),
  createdAt: field(Timestamp, 'When it was made.'),
  retiredAt: nullable(Timestamp, 'When it signed last; null for one that is not retired.'),
  changesAt: nullable(
    Timestamp,
    'When it signs, or is removed; null for the current one, which signs until somebody rotates the keys.',
  ),
});
export type SigningKeyState = Static<typeof SigningKeyState>;

export const UnreadPart = named('UnreadPart', 'A part of an answer that could not be read.', {
  part: Type.String({ description: 'Which part.', examples: ['audit'] }),
  reason: Type.String({ description: 'Why.', examples: ['The audit service does not answer. Try again shortly.'] }),
});
const unread = Type.Array(UnreadPart, { description: 'What could not be read, and why; empty where everything was.' });

const SystemServices = named('SystemServices', 'How the processes of the installation are.', {
  at: field(Timestamp, 'When this was read.'),
  gateway: closed(
    {
      version: Type.String({ description: 'The release of this gateway.', examples: ['0.1.0'] }),
      startedAt: field(Timestamp, 'When this gateway was started.'),
    },
    'The gateway that answers.',
  ),
  services: Type.Array(ServiceReport, { description: 'The services behind the gateway; none where it works solo.' }),
  signingKeys: nullable(
    Type.Array(SigningKeyState, { description: 'The keys that sign access tokens, newest first.' }),
    'The keys that sign access tokens, newest first; null where they could not be read.',
  ),
  unread,
});
export type SystemServices = Static<typeof SystemServices>;

export const MigrationRecord = named('MigrationRecord', 'A migration, and whether it was applied.', {
  name: Type.String({ description: 'Its name.', examples: ['0001_create_users'] }),
  appliedAt: nullable(Timestamp, 'When it was applied; null while it is pending.'),
  tookMs: nullable(
    Type.Number({ minimum: 0, examples: [12] }),
    'How long it took, in milliseconds; null while it is pending, or where that was not measured.',
  ),
  checksum: Type.Enum(['same', 'changed', 'unknown', 'pending'], {
    description:
      'Whether its files are those that were applied; `unknown`: applied before checksums were kept, `pending`: not applied.',
    examples: ['same'],
  }),
});
export type MigrationRecord = Static<typeof MigrationRecord>;

export const SchemaReport = {
  fault: nullable(
    Type.String({ examples: ['Schema audit is newer than this program.'] }),
    'Why nothing can be applied; null where nothing stands in the way.',
  ),
  items: Type.Array(MigrationRecord, { description: 'Its migrations, in their order.' }),
} as const;

const SchemaMigrations = named('SchemaMigrations', 'The migrations of one schema.', {
  service: Type.Enum([...serviceNames, 'solo'] as const, {
    description: 'The service whose schema it is; `solo`: the file of this gateway.',
    examples: ['audit'],
  }),
  applied: Count('How many were applied.', 12),
  pending: Count('How many are still to be applied.'),
  ...SchemaReport,
});
export type SchemaMigrations = Static<typeof SchemaMigrations>;

const SystemMigrations = named('SystemMigrations', 'The migrations of every schema.', {
  schemas: Type.Array(SchemaMigrations, { description: 'The schemas that could be read.' }),
  unread,
});
export type SystemMigrations = Static<typeof SystemMigrations>;

const tag = { name: 'system', description: 'How the processes of the installation are, for whoever runs it.' };

export const systemRoutes = group(tag, {
  getSystemServices: {
    method: 'GET',
    path: '/v1/system/services',
    summary:
      'Each service with its state, connections, lane and queues, and the signing keys. A service that does not answer is named, and the others are answered.',
    permission: 'system:read',
    action: 'system.read',
    subject: { type: 'system', id: 'services' },
    responses: { 200: SystemServices },
  },
  getSystemMigrations: {
    method: 'GET',
    path: '/v1/system/migrations',
    summary:
      'The migrations of every schema: which were applied, when, how long each took, and whether its files are still the same.',
    permission: 'system:read',
    action: 'system.read',
    subject: { type: 'system', id: 'migrations' },
    responses: { 200: SystemMigrations },
  },
});
