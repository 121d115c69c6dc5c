import { Type } from 'typebox';
import { Email, field, Name } from '../fields.ts';
import { group } from '../route.ts';
import { DatabaseReport, Installation, InstallationRun } from './installation-state.ts';

/** The addresses of a shared database and its queue. No answer ever shows any part of them. */
const address = {
  databaseUrl: Type.String({
    minLength: 1,
    maxLength: 2_000,
    description: 'postgres://user:password@host:port/database',
    examples: ['postgres://guildhall:replace-me@db.example.org:5432/guildhall'],
  }),
  queueUrl: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2_000,
      description: 'redis:// or rediss://; without it events travel over a schema of the database, which CockroachDB cannot do.',
      examples: ['redis://queue.example.org:6379'],
    }),
  ),
};

const Administrator = Type.Object(
  {
    email: Email,
    password: Type.String({
      minLength: 12,
      maxLength: 72,
      description: 'The password: 12 to 72 bytes in UTF-8.',
      examples: ['correct horse battery staple'],
    }),
    displayName: field(Name, 'The name that others see.', 'Ada Lovelace'),
  },
  { additionalProperties: false, description: 'The first owner; not needed where the database has one.' },
);

const installation = { permission: 'installation:manage', subject: { type: 'installation', id: 'shared-database' } } as const;

const tag = {
  name: 'installation',
  description: 'Connecting this gateway to a shared database, moving to another one, going back to solo.',
};

export const installationRoutes = group(tag, {
  getInstallation: {
    method: 'GET',
    path: '/v1/installation',
    summary: 'Whether a shared database is connected, and how each service is.',
    action: 'installation.read',
    subject: installation.subject,
    responses: { 200: Installation },
  },
  testDatabase: {
    ...installation,
    method: 'POST',
    path: '/v1/installation/test',
    summary: 'Tests whether a database can be the shared one. Changes nothing.',
    action: 'installation.test',
    body: address,
    responses: { 200: DatabaseReport },
  },
  configureInstallation: {
    ...installation,
    method: 'POST',
    path: '/v1/installation/configure',
    summary:
      'Connects a shared database, or moves to another one: prepares it, has every service migrate its schema, makes the first administrator. The same request again joins the run under way.',
    action: 'installation.configure',
    body: { ...address, administrator: Type.Optional(Administrator) },
    responses: { 202: InstallationRun },
    errors: ['UNPROCESSABLE'],
  },
  followInstallation: {
    ...installation,
    method: 'GET',
    path: '/v1/installation/events',
    summary: 'The run under way as server-sent events: one `run` event with the whole run at each change.',
    action: 'installation.follow',
    media: ['text/event-stream'],
    responses: {
      200: field(
        Type.String(),
        'Server-sent events: `event: run`, and as `data` an InstallationRun in JSON.',
        'event: run\ndata: {}\n\n',
      ),
    },
  },
  disconnectInstallation: {
    ...installation,
    method: 'DELETE',
    path: '/v1/installation',
    summary: 'Goes back to solo. The shared database and the solo file keep what they hold.',
    action: 'installation.disconnect',
    responses: { 200: Installation },
  },
});
