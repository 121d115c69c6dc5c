import { createHash, createHmac, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createDatabaseLink } from '@guildhall/database-link';
import { startOutboxRelay } from '@guildhall/events';
import {
  afterChanges,
  createMetrics,
  createMissingEvents,
  foldRefusals,
  listen,
  type Logger,
  type Metrics,
  type Running,
} from '@guildhall/http';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { Counter } from 'prom-client';
import { createApp } from './app.ts';
import type { TeamConfig } from './config.ts';
import { startPurging } from './jobs/purge.ts';
import { recordingActivities } from './jobs/record-activities.ts';
import { startRecordingUsers } from './jobs/record-users.ts';
import { schema } from './store/fragments.ts';
import { storesOn } from './store/stores.ts';

const service = 'team-resources';
const systemNow = (): Date => new Date();
const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');

/** The denied actions of this service, folded and stored in the outbox. */
const createDenials = (outbox: Pick<ReturnType<typeof storesOn>['outbox'], 'append'>, log: Logger) =>
  foldRefusals({
    append: (event) => outbox.append([event]),
    newId: randomUUID,
    monotonicMs: () => performance.now(),
    onError: (error) => log.warn({ err: error }, 'repeated denials could not be stored; they will be retried'),
  });

const countUnverified = ({ registry }: Metrics): (() => void) => {
  const name = 'team_events_unverified_total';
  const help = 'Deliveries that auth has not signed: forged or altered.';
  const counter = new Counter({ name, help, registers: [registry] });
  return () => counter.inc();
};

/** Starts the service. Rejects when it cannot listen; never because the database, the queue or audit is away. */
export const start = async (config: TeamConfig, log: Logger): Promise<Running> => {
  const { identity } = config;
  const databaseLink = createDatabaseLink({ ...config, schema, migrationsFolder, applicationName: service, log });
  const { database, isReady, onQueue } = databaseLink;
  const { now } = database;
  const stores = storesOn(database);
  const { activities, appUsers, idempotency, outbox } = stores;
  const signer = createInternalSigner({ identity, now: systemNow });
  const missing = createMissingEvents({ urls: { audit: config.auditUrl }, signer });
  const recordedOutbox = recordingActivities(outbox, activities);
  const relay = onQueue((queueUrl) =>
    startOutboxRelay({
      queueUrl,
      identity,
      outbox: recordedOutbox,
      kinds: ['audit'],
      ownerId: randomUUID(),
      confirm: missing.find,
      isReady,
      log,
    }),
  );
  const denials = createDenials(outbox, log);
  const metrics = createMetrics(service);
  const app = createApp({
    log,
    metrics,
    readiness: databaseLink.readiness,
    databaseLink,
    verifier: createInternalVerifier({ identity, now: systemNow }),
    metricsToken: config.metricsToken,
    stores,
    recordDenial: denials.record,
    inviteTokenOf: (id) => createHmac('sha256', config.internalKey).update(`guildhall invite ${id}`).digest('base64url'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    newId: randomUUID,
    now,
    service,
  });
  afterChanges(app, () => relay()?.wake());
  const { publicKeys } = identity;
  const onUnverified = countUnverified(metrics);
  onQueue((queueUrl) => startRecordingUsers({ queueUrl, publicKeys, onUnverified, appUsers, newId: randomUUID, isReady, log }));
  const purge = startPurging({ purgeExpiredKeys: idempotency.purgeExpired, appUsers, isReady, now, log });
  const close = async (): Promise<void> => {
    await app.close();
    await denials.close();
    await purge.stop();
    await databaseLink.close();
    await missing.close();
  };
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
};
