import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { createDatabaseLink, measureOutbox, measureQueue, type DatabaseLink } from '@guildhall/database-link';
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
import { createInternalSigner, createInternalVerifier, createInviteTokenOf } from '@guildhall/principal';
import { createAnalyser, createTextComparer } from '@guildhall/workspaces';
import { Counter } from 'prom-client';
import { createApp } from './app.ts';
import type { TeamConfig } from './config.ts';
import { createTakeUserChanges } from './core/erase-user.ts';
import { startPurging } from './jobs/purge.ts';
import { startTakingEvents, type TakeEventsParts } from './jobs/take-events.ts';
import { schema } from './store/fragments.ts';
import { storesOn } from './store/stores.ts';
import { createChangeStreams } from './streams/change-streams.ts';
import { createOperatorParts } from './wire/operator-parts.ts';

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

interface RelayParts extends Pick<Parameters<typeof startOutboxRelay>[0], 'identity' | 'outbox' | 'confirm' | 'log'> {
  readonly databaseLink: DatabaseLink;
}

/** Starts the relay of this service's events on each queue that is configured. */
const startRelay = ({ databaseLink: { onQueue, isReady }, ...parts }: RelayParts) =>
  onQueue((queueUrl) =>
    startOutboxRelay({ ...parts, queueUrl, kinds: ['audit', 'invite-mail'], ownerId: randomUUID(), isReady }),
  );

/** Starts the consumers of auth's events. */
const startTaking = (
  { isReady, onQueue }: DatabaseLink,
  { appUsers, erasures, inviteMails }: ReturnType<typeof storesOn>,
  now: () => Date,
  parts: Pick<TakeEventsParts<'user-changed'>, 'publicKeys' | 'onUnverified' | 'log'>,
): void => {
  const takeUserChanges = createTakeUserChanges({ appUsers, erasures, newId: randomUUID, now });
  const taking = { ...parts, deadLetters: appUsers, newId: randomUUID, isReady };
  onQueue((queueUrl) => startTakingEvents({ ...taking, queueUrl, kind: 'user-changed', record: takeUserChanges }));
  onQueue((queueUrl) => startTakingEvents({ ...taking, queueUrl, kind: 'invite-mail-settled', record: inviteMails.settle }));
};

/** Starts the service. Rejects when it cannot listen; never because the database, the queue or audit is away. */
export const start = async (config: TeamConfig, log: Logger, createStores = storesOn): Promise<Running> => {
  const { identity } = config;
  const metrics = createMetrics(service);
  const databaseLink = createDatabaseLink({
    ...config,
    schema,
    migrationsFolder,
    applicationName: `guildhall-${service}`,
    metrics,
    log,
  });
  const { database, isReady } = databaseLink;
  const [{ now }, stores] = [database, createStores(database)];
  const { idempotency, outbox } = stores;
  const signer = createInternalSigner({ identity, now: systemNow });
  const missing = createMissingEvents({ urls: { audit: config.auditUrl, auth: config.authUrl }, signer });
  const relay = startRelay({ databaseLink, identity, outbox, confirm: missing.find, log });
  measureQueue(metrics, async () => (await relay()?.depths()) ?? []);
  const denials = createDenials(outbox, log);
  measureOutbox(metrics, outbox.depth);
  const comparer = createTextComparer();
  const analyser = createAnalyser();
  const app = createApp({
    log,
    metrics,
    readiness: databaseLink.readiness,
    databaseLink,
    ...createOperatorParts(database, outbox),
    changeStreams: createChangeStreams({ changes: stores.changes, now, isReady, log }),
    verifier: createInternalVerifier({ identity, now: systemNow }),
    metricsToken: config.metricsToken,
    stores,
    recordDenial: denials.record,
    compareTexts: comparer.compare,
    analyse: analyser.analyse,
    inviteTokenOf: createInviteTokenOf(config.internalKey),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    newId: randomUUID,
    now,
    service,
  });
  afterChanges(app, () => relay()?.wake());
  startTaking(databaseLink, stores, now, { publicKeys: identity.publicKeys, onUnverified: countUnverified(metrics), log });
  const purge = startPurging({ ...config, ...stores, purgeExpiredKeys: idempotency.purgeExpired, isReady, now, log });
  const close = async (): Promise<void> => {
    await app.close();
    await comparer.close();
    await analyser.close();
    await denials.close();
    await purge.stop();
    await databaseLink.close();
    await missing.close();
  };
  const url = await listen(app, config, databaseLink.untilKnown()).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
};
