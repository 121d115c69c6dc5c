import type { DatabaseReport, Installation, InstallationRun, ServiceName } from '@guildhall/contracts';
import { effectiveStatus, type Availability } from '../availability/availability.ts';
import { configureBy, resume, type ConfigureParts } from './configure.ts';
import { describeInstallation } from './describe.ts';
import type { DatabaseAddress, InstallationParts, InstallationRequest, InstallationServices } from './parts.ts';
import { createRecordHolder } from './record.ts';
import { requireChangeable, runInProgress } from './refusals.ts';
import { createRunner } from './run.ts';
import { createServiceSync } from './service-sync.ts';
import { createSoloInstallation } from './solo-installation.ts';
import { createStateStore } from './state-store.ts';
import { configurationOf, effectiveIdOf, isAwaitingSetup, isConfigured, lastRunOf, recordIdOf } from './state.ts';
import { addressOf, expectedMigrations } from './steps.ts';

/** Connects and disconnects the shared database, and keeps the services at what it holds. */
export interface InstallationControl {
  /** Throws CONFLICT if this gateway has no services: that is said before a caller is asked who they are. */
  requireServices(): void;
  /** Tests whether a database can be the shared one. Throws CONFLICT if this gateway may not decide that. */
  test(address: DatabaseAddress): Promise<DatabaseReport>;
  /**
   * Starts a run, or joins the one in progress for an equal request. Throws CONFLICT during another run or if the services'
   * environment names the database, SERVICE_UNAVAILABLE if a service does not answer.
   */
  configure(request: InstallationRequest): Promise<InstallationRun>;
  /** Resumes the run that an earlier process left, or loads its configuration. Never throws for a service that is away. */
  initializeOnStartup(): void;
  /** Returns to solo work. Throws CONFLICT during a run or if the services' environment names the database. */
  disconnect(): Promise<Installation>;
  state(): Installation;
  /** The effective status: the service's own, corrected by the configuration held here. */
  availabilityOf(service: ServiceName): Availability;
  isConfigured(): boolean;
  /** Calls at once with the last run, if there is one, and with each change of a run. Returns a function that stops it. */
  follow(listener: (run: InstallationRun) => void): () => void;
  /** Opens the setup token if nothing is configured, and pushes the configuration to services that have drifted. */
  reconcile(): Promise<void>;
  /** Interrupts a run, which goes on at the next start. */
  close(): Promise<void>;
}

export const createInstallation = (parts: InstallationParts): InstallationControl =>
  parts.services === null ? createSoloInstallation(parts) : createSharedInstallation({ ...parts, services: parts.services });

const createSharedInstallation = (
  parts: InstallationParts & { readonly services: InstallationServices },
): InstallationControl => {
  const { installer, statusOf, setup, log, services } = parts;
  const store = createStateStore();
  const record = createRecordHolder(parts.records, log);
  const sync = createServiceSync(parts);
  const runner = createRunner({ ...parts, store, record, sync });
  const configuring: ConfigureParts = { ...parts, store, record, runner };
  const availabilityOf = (service: ServiceName): Availability =>
    effectiveStatus(effectiveIdOf(store.state(), statusOf), statusOf(service));
  const describe = (): Installation =>
    describeInstallation(availabilityOf, { hasRecord: recordIdOf(store.state()) !== null, run: lastRunOf(store.state()) });
  return {
    requireServices: () => {},
    async test(address) {
      requireChangeable(statusOf);
      return installer.testDatabase(addressOf(address), await expectedMigrations(services));
    },
    configure: (request) => configureBy(configuring, request),
    initializeOnStartup() {
      setup.close();
      resume(configuring);
    },
    async disconnect() {
      requireChangeable(statusOf);
      if (store.state().status === 'running' || !record.clear()) throw runInProgress();
      store.dispatch({ type: 'disconnected' });
      await sync.pushAll(null);
      log.info({}, 'the shared database is disconnected: this installation works solo');
      return describe();
    },
    state: describe,
    availabilityOf,
    isConfigured: () => isConfigured(store.state(), statusOf),
    follow: store.follow,
    async reconcile() {
      const state = store.state();
      if (state.status === 'running') return;
      if (isAwaitingSetup(state, statusOf)) setup.open();
      await sync.reconcile(recordIdOf(state), configurationOf(state));
    },
    close: runner.close,
  };
};
