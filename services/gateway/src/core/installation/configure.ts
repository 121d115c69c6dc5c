import { isAppError } from '@guildhall/errors';
import { serviceNames, type InstallationRun } from '@guildhall/contracts';
import type { InstallationParts, InstallationRequest, InstallationServices } from './parts.ts';
import type { RecordHolder } from './record.ts';
import { managedByEnvironment, requireChangeable, runInProgress, serviceUnavailable } from './refusals.ts';
import type { Runner } from './run.ts';
import type { StateStore } from './state-store.ts';
import { configurationOf, lastRunOf, type InstallationState } from './state.ts';

export interface ConfigureParts extends Pick<InstallationParts, 'statusOf' | 'newId' | 'now'> {
  readonly services: InstallationServices;
  readonly store: StateStore;
  readonly record: RecordHolder;
  readonly runner: Runner;
}

/** Starts a run, or joins the one in progress for an equal request. See `InstallationControl.configure` for its errors. */
export const configureBy = async (parts: ConfigureParts, request: InstallationRequest): Promise<InstallationRun> => {
  const { services, statusOf, store, record, runner, newId, now } = parts;
  requireChangeable(statusOf);
  const joined = joinRun(store.state(), request);
  if (joined !== null) return joined;
  await requireAnswers(services);
  // Another request may have started a run meanwhile.
  const state = store.state();
  const joinedMeanwhile = joinRun(state, request);
  if (joinedMeanwhile !== null) return joinedMeanwhile;
  if (runner.isClosing()) throw runInProgress();
  const configurationId = newId();
  if (!record.replace({ phase: 'configuring', configurationId, request, former: configurationOf(state) })) throw runInProgress();
  store.dispatch({ type: 'run_started', at: now().toISOString(), configurationId, request });
  runner.start(false);
  return lastRunOf(store.state()) ?? notStarted();
};

/** Loads the record that an earlier process left, and resumes its run if it was not finished. */
export const resume = ({ store, record, runner, now }: ConfigureParts): void => {
  const loaded = record.load();
  switch (loaded?.phase) {
    case undefined:
      return;
    case 'unreadable':
      return store.dispatch({ type: 'record_unreadable', configurationId: loaded.configurationId });
    case 'configured': {
      const { configurationId, addresses } = loaded;
      return store.dispatch({ type: 'configuration_loaded', configuration: { configurationId, addresses } });
    }
    case 'configuring': {
      const { configurationId, request, former } = loaded;
      store.dispatch({ type: 'run_started', at: now().toISOString(), configurationId, request, former });
      return runner.start(true);
    }
  }
};

/** The run in progress if it has an equal request, null if there is none. Throws CONFLICT for another request. */
const joinRun = (state: InstallationState, request: InstallationRequest): InstallationRun | null => {
  if (state.status !== 'running') return null;
  if (fingerprintOf(state.request) !== fingerprintOf(request)) throw runInProgress();
  return state.report;
};

/** A text that is equal for equal requests. */
const fingerprintOf = ({ databaseUrl, queueUrl, administrator }: InstallationRequest): string =>
  JSON.stringify([databaseUrl, queueUrl, administrator?.email, administrator?.password, administrator?.displayName]);

const requireAnswers = async (services: InstallationServices): Promise<void> => {
  await Promise.all(
    serviceNames.map(async (service) => {
      const state = await services.databaseState(service).catch((error: unknown) => {
        throw isAppError(error) && error.status === 503 ? serviceUnavailable(service, error) : error;
      });
      if (state.source === 'environment') throw managedByEnvironment();
    }),
  );
};

const notStarted = (): never => {
  throw new Error('The run that was just started has no report.');
};
