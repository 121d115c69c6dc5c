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
  type Running,
} from '@guildhall/http';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
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
      outbox: recordedOutbox,
      kinds: ['audit'],
      ownerId: randomUUID(),
      confirm: missing.find,
      isReady,
      log,
    }),
  );
  const denials = foldRefusals({
    append: (event) => outbox.append([event]),
    newId: randomUUID,
    monotonicMs: () => performance.now(),
    onError: (error) => log.warn({ err: error }, 'repeated denials could not be stored; they will be retried'),
  });
  const app = createApp({
    log,
    metrics: createMetrics(service),
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
  onQueue((queueUrl) => startRecordingUsers({ queueUrl, appUsers, newId: randomUUID, isReady, log }));
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
