import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEvent, AuditEventMessage, AuditPayload, CallerName } from '@guildhall/contracts';
import { sql, type SharedDatabase } from '@guildhall/db';
import { eventDigest } from '@guildhall/events';
import { countStatements as countAll, testKey, waitFor } from '@guildhall/testkit';
import { problem, startService, type Answer, type ServiceClient } from '@guildhall/testkit/service';
import { sha256 } from '../../src/clients/sha256.ts';
import { readConfig } from '../../src/config.ts';
import { createSequencer } from '../../src/core/log/sequence.ts';
import { createSequencedLog } from '../../src/store/sequenced-log.ts';
import { start } from '../../src/wire.ts';

export { problem, type Answer } from '@guildhall/testkit/service';

const encryptionKeyBase64 = Buffer.from(testKey(7)).toString('base64');

export interface EventPage {
  readonly items: AuditEvent[];
  readonly nextCursor: string | null;
}

export interface FixtureOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly isConfigured?: boolean;
  /** Events arrive by a queue in the same database. */
  readonly hasQueue?: boolean;
}

/** The service alone, on a database of its own. */
export const startFixture = async ({ env = {}, isConfigured = true, hasQueue = false }: FixtureOptions = {}) => {
  const service = await startService({
    service: 'audit',
    readConfig,
    start,
    isConfigured,
    env: (databaseUrl) => ({
      ENCRYPTION_KEY: encryptionKeyBase64,
      ...(databaseUrl === null || !hasQueue ? {} : { QUEUE_URL: databaseUrl }),
      ...env,
    }),
  });
  const { tables } = service;
  return {
    ...service,
    ...actionsOn(service),
    storeOld: (days: number, messages: readonly AuditEventMessage[]) => storeOld(tables, days, messages),
  };
};

const dayMs = 24 * 60 * 60 * 1_000;

/** Stores events as another process did so many days ago. */
const storeOld = async (tables: SharedDatabase, days: number, messages: readonly AuditEventMessage[]): Promise<void> => {
  const { connection } = tables;
  await waitFor(async () => (await connection.query(sql.unsafe`SELECT 1 FROM audit.log_keys`)).rowCount > 0, {
    what: 'the log to have its key',
  });
  const log = createSequencedLog(tables, randomUUID());
  const sequencer = createSequencer({ log, sha256, pause: () => delay(5), onPlanted: () => undefined });
  await sequencer.record(messages, new Date(Date.now() - days * dayMs).toISOString());
};

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

const actionsOn = ({ ask, asPrincipal, asService: asServiceOf }: ServiceClient) => {
  const asCallerWith = (more: { readonly userId?: string; readonly userAgent?: string }, ...permissions: readonly string[]) =>
    asPrincipal({ userId: 'reader', permissions: [...permissions], ...more });
  const asCaller = (...permissions: readonly string[]) => asCallerWith({}, ...permissions);
  /** Sends requests as a service of the installation; by default as the one that writes the events of `eventOf`. */
  const asService = (issuer: CallerName = 'team-resources') => asServiceOf(issuer);

  const post = async <T>(route: string, body: unknown, issuer?: CallerName) =>
    ask<T>('POST', route, { body, headers: await asService(issuer) });
  /** Each event is reported by the process that it names, in the order given. */
  const report = async (...messages: readonly unknown[]): Promise<Answer<{ stored: number }>> => {
    const issuers = messages.map((message) => (message as Partial<AuditEventMessage>).payload?.service as CallerName);
    const end = issuers.findIndex((issuer) => issuer !== issuers[0]);
    if (end === -1) return post('/internal/events', { messages }, issuers[0]);
    const first = await post<{ stored: number }>('/internal/events', { messages: messages.slice(0, end) }, issuers[0]);
    const rest = await report(...messages.slice(end));
    return { ...rest, body: { stored: first.body.stored + rest.body.stored } };
  };
  /** Asks which of these events are not stored as they are. */
  const unconfirmed = async (...messages: readonly AuditEventMessage[]) => {
    const events = messages.map((message) => ({ id: message.id, digest: eventDigest(message) }));
    return (await post<{ missing: string[]; altered: string[] }>('/internal/events/missing', { kind: 'audit', events })).body;
  };
  const missing = async (...messages: readonly AuditEventMessage[]) => (await unconfirmed(...messages)).missing;
  /** Reads as a user who may read the whole trail. */
  const read = async <T = EventPage>(route: string) => ask<T>('GET', route, { headers: await asCaller('audit:read') });
  const readCommunity = async <T = EventPage>(community: string, query = '') =>
    ask<T>('GET', `/v1/communities/${community}/audit/events${query}`, {
      headers: await asCaller(`community-audit:read@${community}`),
    });
  return { asCaller, asCallerWith, asService, post, report, missing, unconfirmed, read, readCommunity };
};

/** True for a statement that the jobs of the service send periodically. */
const isOwnAsking = (text: string): boolean =>
  /ORDER BY recorded_at, id LIMIT|sealed_private_key|INSERT INTO audit\.checkpoints|JOIN audit\.log_tiles/.test(text);

/** The statements that `work` leads to: those that the service sends by itself are left out. */
export const countStatements = async <T>(work: () => Promise<T>) => {
  const { result, statements } = await countAll(work);
  return { result, statements: statements.filter((text) => !isOwnAsking(text)) };
};

export interface EventParts extends Partial<AuditPayload> {
  readonly id?: string;
  readonly occurredAt?: string;
}

/** An event as a service leaves it in its outbox. */
export const eventOf = ({ id, occurredAt, ...payload }: EventParts = {}): AuditEventMessage => ({
  id: id ?? randomUUID(),
  kind: 'audit',
  occurredAt: occurredAt ?? '2026-03-01T10:00:00.000Z',
  payload: {
    actor: { type: 'user', id: 'ada' },
    action: 'script.update',
    resource: { type: 'script', id: 'script-1' },
    result: 'success',
    requestId: 'request-of-the-change',
    service: 'team-resources',
    ...payload,
  },
});

/** The event as the API returns it. */
export const storedOf = ({ id, occurredAt, payload }: AuditEventMessage): unknown => ({
  id,
  occurredAt,
  recordedAt: anyTime,
  leafIndex: anyIndex,
  ...payload,
});

/** Equal to any place in the log. */
const anyIndex = { asymmetricMatch: (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0 };

/** Equal to any time in ISO 8601, UTC, with milliseconds. */
export const anyTime = {
  asymmetricMatch: (value: unknown): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)),
};

/** Equal to how the status tells of a checkpoint, or that there is none yet. */
export const anyCheckpoint = {
  asymmetricMatch: (value: unknown): boolean =>
    value === null ||
    (typeof value === 'object' && 'size' in value && 'signedAt' in value && anyTime.asymmetricMatch(value.signedAt)),
};

/** Equal to a check of the whole log that found nothing, or to none yet. */
export const anyCheck = {
  asymmetricMatch: (value: unknown): boolean =>
    value === null ||
    (typeof value === 'object' && 'faults' in value && Array.isArray(value.faults) && value.faults.length === 0),
};

export const idsOf = ({ body }: Answer<EventPage>): string[] => body.items.map(({ id }) => id);

export const invalid = (detail: string, path: string, message: string) =>
  problem(400, 'INVALID', 'The request is not valid', detail, [{ path, message }]);

export const unsigned = problem(
  401,
  'UNAUTHENTICATED',
  'Sign in first',
  'This address is for the services of this installation only.',
);
