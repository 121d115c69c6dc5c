import { isInNetworks, isLoopbackHost } from '@guildhall/resources';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics, listen, type Logger, type Metrics, type Running } from '@guildhall/http';
import { createAnalyser, createTextComparer, type WorkspaceParts, type WorkspaceStore } from '@guildhall/workspaces';
import type { FastifyRequest } from 'fastify';
import { createApp } from './app.ts';
import { createRateLimits, type RateLimits } from './clients/rate-limits.ts';
import { connectBackends, type Backends } from './wire/backends.ts';
import type { GatewayConfig } from './config.ts';
import type { AdmissionParts } from './core/admission/admit.ts';
import { denialOf } from './core/admission/denial.ts';
import type { InstallationControl } from './core/installation/installation.ts';
import { createIsThisMachine, createReadLocalToken, type IsLocal } from './routes/local.ts';
import { readOrCreateLocalToken } from './store/settings/local-token.ts';
import { openSoloDatabase, type SoloDatabase } from './store/solo/open.ts';
import { createSoloClones } from './store/workspaces/clones.ts';
import { createSoloShares } from './store/workspaces/shares.ts';
import { createSoloSyncs } from './store/workspaces/syncs.ts';
import { createSoloWorkspaces, type SoloWorkspaces } from './store/workspaces/workspaces.ts';
import { createInstaller, type CreateInstaller } from './wire/installer.ts';
import { measureAvailability } from './wire/measure-availability.ts';
import { startInstallation } from './wire/start-installation.ts';
import { noBackends } from './wire/no-backends.ts';
import { createSoloTables } from './wire/data.ts';
import { createSystem } from './wire/system.ts';
import { createUntilKnownFor } from './wire/until-known.ts';
import { startWitness, type RunningWitness } from './wire/witness.ts';

/** The parts that may be given in place of the real ones. */
export interface Overrides {
  readonly installerOf: CreateInstaller;
  /** The clock of the rate limits: milliseconds that never run backwards. */
  readonly monotonicMs: () => number;
  /** The time that a service has for its first answer. */
  readonly firstAnswerTimeoutMs: number;
}

/** The solo store has no audit trail, and its only user is denied nothing. */
const soloParts = (store: WorkspaceStore, computing: Pick<WorkspaceParts, 'analyse' | 'compareTexts'>): WorkspaceParts => ({
  store,
  ...computing,
  sha256,
  newId: randomUUID,
  now: () => new Date(),
  recordDenial: async () => {},
  service: 'gateway',
});

/** The shares and copies of the solo file, and how their rows come to team-resources and from there. */
const sharingParts = (
  solo: SoloDatabase,
  holds: SoloWorkspaces['holds'],
  { importerOf, exporterOf, sharedWorkspaceOf }: Backends,
) => {
  const shares = createSoloShares(solo);
  const clones = createSoloClones(solo, shares, holds);
  const syncs = createSoloSyncs(solo, shares);
  const calls = { importerOf, exporterOf, sharedWorkspaceOf };
  return { shares, clones, syncs, isCopy: shares.isCopy, ...calls, now: () => new Date(), newId: randomUUID, sha256 };
};

/**
 * Starts a gateway, which listens at once: what needs a service waits in admission until it is known how that is. Rejects if its SQLite
 * file cannot be used; not if a service or the shared database is unavailable.
 */
export const start = async (
  config: GatewayConfig,
  log: Logger,
  { installerOf = createInstaller, monotonicMs = () => performance.now(), firstAnswerTimeoutMs }: Partial<Overrides> = {},
): Promise<Running> => {
  const readLocalToken = createReadLocalToken(readOrCreateLocalToken(config.localTokenFile));
  tellOfProxies(config, log);
  const isThisMachine = createIsThisMachine(config.trustedProxies ?? []);
  const isLocal: IsLocal = (request) =>
    readLocalToken(request) === 'right' || (config.soloTrustsLoopback && isThisMachine(request));
  const solo = await openSoloDatabase(config.dataFile, (note) => log.warn(note));
  const workspaces = createSoloWorkspaces(solo);
  const comparer = createTextComparer();
  const analyser = createAnalyser();
  const metrics = createMetrics('gateway');
  const backends = backendsOf(config, metrics, log, firstAnswerTimeoutMs);
  const limits = createRateLimits({ ...config, monotonicMs });
  const started = startInstallation({ config, solo, backends, limits, installerOf, log });
  const { installation, installerAccessFor } = started;
  measureAvailability(metrics, installation.availabilityOf);
  const witness = witnessOf(config, installation, metrics, log);
  const admissionFor = admissionPartsBy(backends, createUntilKnownFor(backends.startup), installation, limits);
  const app = await createApp({
    log,
    metrics,
    trustedProxies: config.trustedProxies ?? [],
    isLocal,
    isThisMachine,
    metricsToken: config.metricsToken,
    corsOrigins: config.corsOrigins,
    consoleFolder: existsSync(join(config.consoleFolder, 'index.html')) ? config.consoleFolder : null,
    installation: { installation, readLocalToken, installerAccessFor },
    witness,
    forwarding: { ...backends, admissionFor },
    system: { ...createSystem(solo, backends, installation), isLocal, admissionFor },
    data: { solo: createSoloTables(solo), dataClientsOf: backends.dataClientsOf, isLocal, admissionFor },
    workspaces: {
      solo: soloParts(workspaces, { analyse: analyser.analyse, compareTexts: comparer.compare }),
      ownWorkspaces: workspaces.own,
      isSolo: workspaces.holds,
      ...sharingParts(solo, workspaces.holds, backends),
      isLocal,
      admissionFor,
      sharedAvailability: () => installation.availabilityOf('team-resources'),
      listShared: backends.listShared,
    },
  });
  const close = async (): Promise<void> => {
    await app.close();
    await started.stop();
    for (const part of [backends, comparer, analyser]) await part.close();
    witness.close();
    solo.close();
  };
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, close };
};

const witnessOf = (
  { witness: config, services }: GatewayConfig,
  { availabilityOf }: InstallationControl,
  metrics: Metrics,
  log: Logger,
): RunningWitness => {
  const configurationId = (): string | null => availabilityOf('audit').configurationId ?? null;
  return startWitness({ config, auditUrl: services?.audit ?? null, configurationId, metrics, log });
};

const backendsOf = (
  { services, identity, usesLane, publicUrl: issuer, outsideIssuers }: GatewayConfig,
  metrics: Metrics,
  log: Logger,
  firstAnswerTimeoutMs: number | undefined,
): Backends =>
  services === null
    ? noBackends()
    : connectBackends({ services, identity, issuer, outsideIssuers, usesLane, metrics, log, firstAnswerTimeoutMs });

const admissionPartsBy =
  (
    backends: Backends,
    untilKnownFor: ReturnType<typeof createUntilKnownFor>,
    { availabilityOf }: InstallationControl,
    { spend }: RateLimits,
  ) =>
  (request: FastifyRequest): AdmissionParts => ({
    ...backends,
    availabilityOf,
    untilKnown: untilKnownFor(request),
    spend,
    verifyToken: async (token, onLookup) => {
      const caller = await backends.verifyToken(token, onLookup);
      request.userId = caller.userId;
      return caller;
    },
    reportDenial: (admissionRequest, caller, community) =>
      backends.reportDenial(
        denialOf(admissionRequest, caller, community, { requestId: request.id, userAgent: request.headers['user-agent'] }),
      ),
  });

/** Logs what the setting of proxies hides. */
const tellOfProxies = (config: GatewayConfig, log: Logger): void => {
  warnOfHiddenClients(config, log);
  tellClosedMetrics(config, log);
};

/** Behind a proxy that is not trusted, everyone has one address: limits that one client spends hold for all. */
const warnOfHiddenClients = ({ publicUrl, trustedProxies }: GatewayConfig, log: Logger): void => {
  if (trustedProxies !== null || isLoopbackHost(new URL(publicUrl).host)) return;
  log.warn(
    { publicUrl },
    'TRUSTED_PROXIES is not set, and PUBLIC_URL is not on this machine: behind a proxy all clients share one address, so one of them can use up the log-ins of all. Name the networks of the proxies, or "none" if clients connect to this gateway directly.',
  );
};

/** Logs that /metrics is closed: a proxy on this machine makes a scraper beside it look like whoever comes through it. */
const tellClosedMetrics = ({ trustedProxies, metricsToken }: GatewayConfig, log: Logger): void => {
  if (metricsToken !== null || !isInNetworks('127.0.0.1', trustedProxies ?? [])) return;
  log.info('TRUSTED_PROXIES names this machine, and METRICS_TOKEN is not set: /metrics answers nobody');
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
