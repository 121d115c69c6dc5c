import path from 'node:path';
import { createAttachment } from '@guildhall/attachment';
import { createMetrics, listen, type Logger } from '@guildhall/http';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { createApp } from './app.ts';
import { createOutboxDepths } from './clients/outbox-depths.ts';
import type { AuditConfig } from './config.ts';
import { createReadAudit } from './core/read-audit.ts';
import { createGetStatus } from './core/status.ts';
import { startRecordingEvents } from './jobs/record-events.ts';
import { createAuditEvents } from './store/audit-events.ts';
import { createEventCounters } from './wire/event-counters.ts';
import { startForwarding } from './wire/forwarding.ts';
import { startMerkleLog } from './wire/merkle-log.ts';
import { createReading } from './wire/reading.ts';
import { createTaking } from './wire/taking.ts';

export interface Audit {
  readonly url: string;
  close(): Promise<void>;
}

const service = 'audit';
const schema = 'audit';
const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');

const now = (): Date => new Date();

/** Starts the service. Rejects when it cannot listen; never because the database, the queue or another service is away. */
export const startAudit = async (config: AuditConfig, log: Logger): Promise<Audit> => {
  const { internalKey: key } = config;
  const attachment = createAttachment({ ...config, schema, migrationsFolder, applicationName: `guildhall-${service}`, log });
  const { database, isReady } = attachment;
  const metrics = createMetrics(service);
  const counters = createEventCounters(metrics);

  const merkleLog = startMerkleLog({ ...config, database, isReady, metrics, now, log });
  const { sequencer } = merkleLog;
  const events = { ...createAuditEvents(database.connection), record: sequencer.record };
  const { setAside, takeEvents, reviewRejected } = createTaking({ connection: database.connection, events, counters, now, log });
  const forwarding = startForwarding({ config: config.forward, connection: database.connection, isReady, metrics, now, log });
  const arriving = attachment.onQueue((queueUrl) =>
    startRecordingEvents({ queueUrl, takeEvents, setAside, isReady, onReceived: counters.received, log }),
  );
  const signer = createInternalSigner({ key, issuer: service, now });
  const outboxes = createOutboxDepths({ urls: { auth: config.authUrl, 'team-resources': config.teamResourcesUrl }, signer, log });

  const app = createApp({
    log,
    metrics,
    readiness: attachment.readiness,
    attachment,
    verifier: createInternalVerifier({ key, audience: service, now }),
    readAudit: createReadAudit(events),
    reviewRejected,
    proofs: merkleLog.proofs,
    serveLog: merkleLog.serveLog,
    reading: createReading({ connection: database.connection, isReady, takeEvents, now, logger: log }),
    getStatus: createGetStatus({
      events,
      arriving: { received: counters.receivedSoFar, waiting: async () => (await arriving()?.waiting()) ?? null },
      outboxes,
      sequencer,
    }),
    events,
    takeEvents,
  });
  const close = async (): Promise<void> => {
    await app.close();
    await forwarding.stop();
    await merkleLog.close();
    await attachment.close();
    await outboxes.close();
  };
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  log.info({ url }, 'listening');
  return { url, close };
};
