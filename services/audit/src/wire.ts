import { createHash } from 'node:crypto';
import path from 'node:path';
import { createSharedDatabase } from '@guildhall/db';
import { createMetrics, listen, type Logger } from '@guildhall/http';
import { migrationNames } from '@guildhall/migrate';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { createApp } from './app.ts';
import { createOutboxDepths } from './clients/outbox-depths.ts';
import type { AuditConfig } from './config.ts';
import { createReadAudit } from './core/read-audit.ts';
import { createGetStatus } from './core/status.ts';
import { createSetAside, createTakeEvents } from './core/take-events.ts';
import { startRecordingEvents } from './jobs/record-events.ts';
import { createAuditEvents } from './store/audit-events.ts';
import { createRejectedEvents } from './store/rejected-events.ts';
import { createEventCounters } from './wire/event-counters.ts';

export interface Audit {
  readonly url: string;
  close(): Promise<void>;
}

const service = 'audit';
const schema = 'audit';
const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');

const now = (): Date => new Date();

/** The same UUID for the same text. */
const idOfText = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Starts the service. Rejects when it cannot listen; never because the database, the queue or another service is away. */
export const startAudit = async (config: AuditConfig, log: Logger): Promise<Audit> => {
  const { internalKey: key, databaseUrl, queueUrl } = config;
  const migrationsExpected = migrationNames(migrationsFolder);
  const database = createSharedDatabase({
    url: databaseUrl,
    schema,
    applicationName: `guildhall-${service}`,
    migrationsExpected,
    log,
  });
  const isReady = (): boolean => database.state().status === 'ready';
  const metrics = createMetrics(service);
  const counters = createEventCounters(metrics);

  const events = createAuditEvents(database.connection);
  const onRejected = (eventId: string, reason: string): void => {
    counters.rejected();
    log.error({ eventId, reason }, 'an event cannot be stored: it is set aside in rejected_events');
  };
  const setAside = createSetAside({ rejected: createRejectedEvents(database.connection), idOfText, now, onRejected });
  const takeEvents = createTakeEvents({ events, setAside, now, onStored: counters.stored });
  const arriving = startRecordingEvents({ queueUrl, takeEvents, setAside, isReady, onReceived: counters.received, log });
  const signer = createInternalSigner({ key, issuer: service, now });
  const outboxes = createOutboxDepths({ urls: { auth: config.authUrl, 'team-resources': config.teamResourcesUrl }, signer, log });

  const app = createApp({
    log,
    metrics,
    readiness: () => ({ isReady: isReady(), sharedDatabase: database.state() }),
    verifier: createInternalVerifier({ key, audience: service, now }),
    readAudit: createReadAudit(events),
    getStatus: createGetStatus({ events, arriving, outboxes }),
    events,
    takeEvents,
  });
  const close = async (): Promise<void> => {
    await app.close();
    await arriving.close();
    await Promise.all([outboxes.close(), database.close()]);
  };
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  log.info({ url }, 'listening');
  return { url, close };
};
