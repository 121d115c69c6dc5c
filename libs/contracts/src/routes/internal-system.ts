import { Type, type Static } from 'typebox';
import { closed, Timestamp, Uuid } from '../fields.ts';
import { route } from '../route.ts';
import { ConnectionPool, SchemaReport, ServiceQueue, SigningKeyState } from './system.ts';

export const ProcessState = closed({
  /** Made anew at each start: tells replicas apart. */
  instanceId: Uuid,
  startedAt: Timestamp,
  version: Type.String({ maxLength: 100 }),
  pool: ConnectionPool,
  /** Null while the database is away. */
  queues: Type.Union([Type.Array(ServiceQueue), Type.Null()]),
});
export type ProcessState = Static<typeof ProcessState>;

/** Served by every service with a schema in the shared database, without it too. */
export const getProcess = route({
  name: 'getProcess',
  method: 'GET',
  path: '/internal/process',
  summary: 'The process that answers: its release, its connections and its queues.',
  responses: { 200: ProcessState },
  errors: ['UNAUTHENTICATED'],
});

/** Served by every service with a schema in the shared database. */
export const getMigrations = route({
  name: 'getMigrations',
  method: 'GET',
  path: '/internal/migrations',
  summary: 'The migrations of its schema, as they were recorded when they were applied.',
  responses: { 200: closed(SchemaReport) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});

/** Served by auth. */
export const listSigningKeys = route({
  name: 'listSigningKeys',
  method: 'GET',
  path: '/internal/signing-keys',
  summary: 'The keys that sign access tokens, without their private halves.',
  responses: { 200: closed({ keys: Type.Array(SigningKeyState) }) },
  errors: ['UNAUTHENTICATED', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE'],
});
