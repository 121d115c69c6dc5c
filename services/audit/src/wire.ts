import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createDatabaseLink } from '@guildhall/database-link';
import { createMetrics, listen, type Logger, type Running } from '@guildhall/http';
import { createInternalVerifier } from '@guildhall/principal';
import type { ContextParts } from '@guildhall/resources';
import { createApp } from './app.ts';
import { sha256Base64Url, sha256Hex } from './clients/sha256.ts';
import type { AuditConfig } from './config.ts';
import { createBlame } from './core/trail/blame.ts';
import { createConfirmEvents } from './core/trail/confirm-events.ts';
import { createListEvents } from './core/trail/list-events.ts';
import type { TakeEvents } from './core/trail/take-events.ts';
import { startRecordingEvents } from './jobs/record-events.ts';
import { createAuditEvents } from './store/audit-events.ts';
import { createBlameStore } from './store/blame.ts';
import { createReadCheck } from './wire/altered-reads.ts';
import { createEventCounters, type EventCounters } from './wire/event-counters.ts';
import { createReportedFaults } from './wire/faults.ts';
import { startForwarding } from './wire/forwarding.ts';
import { startMerkleLog } from './wire/merkle-log.ts';
import { createOperatorParts } from './wire/operator-parts.ts';
import { createReading } from './wire/reading.ts';
import { createRepairing } from './wire/repairing.ts';
import { startRetention } from './wire/retention.ts';
import { createStatus } from './wire/status.ts';
import { startWalking } from './wire/walking.ts';
import { createTaking } from './wire/taking.ts';

const service = 'audit';
const schema = 'audit';
const migrationsFolder = path.resolve(import.meta.dirname, '../migrations');

const ownSchema = { schema, migrationsFolder, applicationName: `guildhall-${service}` };
const systemNow = (): Date => new Date();

const contextPartsOf = (takeEvents: TakeEvents, now: () => Date): ContextParts => ({
  now,
  newId: randomUUID,
  sha256: sha256Hex,
  recordDenial: async (event) => void (await takeEvents([event])),
  service,
});

const reportAltered =
  (counters: EventCounters, log: Logger) =>
  (ids: readonly string[]): void => {
    counters.altered(ids.length);
    log.error({ ids }, 'other events are stored under these ids than their service has written');
  };

/** Starts the service. Rejects when it cannot listen; never because the database, the queue or another service is away. */
export const start = async (config: AuditConfig, log: Logger): Promise<Running> => {
  const metrics = createMetrics(service);
  const databaseLink = createDatabaseLink({ ...config, ...ownSchema, metrics, log });
  const { database, isReady } = databaseLink;
  const { connection, now } = database;
  const { identity } = config;
  const counters = createEventCounters(metrics);

  const faults = createReportedFaults(metrics, now, log);
  const walking = startWalking({ config, database, isReady, faults, metrics, now, log });
  const checkEntry = createReadCheck(counters, walking.isAcknowledged, log);
  const merkleLog = startMerkleLog({ ...config, database, isReady, checkEntry, faults, metrics, now, log });
  const { sequencer } = merkleLog;
  const events = { ...createAuditEvents(connection), record: sequencer.record };
  const { rejectEvent, takeEvents, reviewRejected } = createTaking({ connection, events, counters, now, log });
  const retention = startRetention({ config, database, takeEvents, isReady, faults, now, log });
  const forwarding = startForwarding({ config: config.forward, connection, isReady, checkEntry, faults, metrics, now, log });
  const arriving = databaseLink.onQueue((queueUrl) =>
    startRecordingEvents({ queueUrl, identity, takeEvents, rejectEvent, isReady, counters, log }),
  );
  const waiting = async (): Promise<number | null> => (await arriving()?.waiting()) ?? null;
  const arrivals = { received: counters.receivedSoFar, waiting };
  const status = createStatus({ config, events, arriving: arrivals, sequencer, lastWalk: walking.lastWalk, faults, now, log });
  const blaming = { blame: createBlameStore(connection), events, proofs: merkleLog.proofs };
  const app = createApp({
    log,
    metrics,
    readiness: async () => ({ ...(await databaseLink.readiness()), faults: faults.standing() }),
    databaseLink,
    ...createOperatorParts({ database, arriving: waiting, takeEvents }),
    verifier: createInternalVerifier({ identity, now: systemNow }),
    metricsToken: config.metricsToken,
    listEvents: createListEvents({ events, checkEntry }),
    blame: createBlame({ ...blaming, isLogWhole: walking.isLogWhole, checkEntry }),
    reviewRejected,
    proofs: merkleLog.proofs,
    serveLog: merkleLog.serveLog,
    retention: retention.rules,
    reading: createReading({ database, isReady, checkEntry, faults, takeEvents, logger: log }),
    context: contextPartsOf(takeEvents, now),
    getStatus: status.getStatus,
    confirmEvents: createConfirmEvents({ events, sha256: sha256Base64Url, onAltered: reportAltered(counters, log) }),
    takeEvents,
    repairLog: createRepairing({ merkleLog, database, checked: walking, faults, takeEvents, now }),
  });
  const close = async (): Promise<void> => {
    await app.close();
    await retention.close();
    await forwarding.stop();
    await merkleLog.close();
    await walking.stop();
    await databaseLink.close();
    await status.close();
  };
  const url = await listen(app, config, databaseLink.untilKnown()).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
};
