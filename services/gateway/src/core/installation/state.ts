import { serviceNames, type InstallationRun } from '@guildhall/contracts';
import { isOfEnvironment, type StatusOf } from '../availability/availability.ts';
import type { Configuration, InstallationRequest } from './parts.ts';
import { newReport, reduceReport, type RunEvent } from './run-report.ts';

/** A run in progress. */
export interface RunningInstallation {
  readonly status: 'running';
  readonly configurationId: string;
  readonly request: InstallationRequest;
  /** The configuration that a failed run returns to; null if nothing was connected. */
  readonly former: Configuration | null;
  /** The first service may have left the former configuration: from here on the new one counts. */
  readonly hasSwitched: boolean;
  /** The configuration, once it is stored in place of the request. Only the end of the run is missing then. */
  readonly stored: Configuration | null;
  readonly report: InstallationRun;
}

interface Settled {
  /** The last run of this process; null before the first. */
  readonly lastRun: InstallationRun | null;
}

/** The finite state machine of the installation: what this gateway holds and whether a run is changing it. */
export type InstallationState =
  /** No configuration: the installation works solo, unless the environment of the services names a database. */
  | ({ readonly status: 'disconnected' } & Settled)
  /** A stored record that does not open with the present key. It stays until another configuration replaces it. */
  | ({ readonly status: 'unreadable'; readonly configurationId: string } & Settled)
  | RunningInstallation
  | ({ readonly status: 'connected'; readonly configuration: Configuration } & Settled);

export type InstallationEvent =
  | RunEvent
  | { readonly type: 'configuration_loaded'; readonly configuration: Configuration }
  | { readonly type: 'record_unreadable'; readonly configurationId: string }
  | {
      readonly type: 'run_started';
      readonly at: string;
      readonly configurationId: string;
      readonly request: InstallationRequest;
      /** The connected configuration by default; otherwise that of a run that an earlier process left unfinished. */
      readonly former?: Configuration | null;
    }
  | { readonly type: 'services_switched' }
  | { readonly type: 'configuration_stored'; readonly configuration: Configuration }
  | { readonly type: 'disconnected' };

export const initialState: InstallationState = { status: 'disconnected', lastRun: null };

/** The reducer: the state after one event. An event that the state does not allow leaves it unchanged. */
export const reduce = (state: InstallationState, event: InstallationEvent): InstallationState =>
  state.status === 'running' ? reduceRunning(state, event) : reduceSettled(state, event);

type SettledState = Exclude<InstallationState, RunningInstallation>;

const reduceSettled = (state: SettledState, event: InstallationEvent): InstallationState => {
  const { lastRun } = state;
  switch (event.type) {
    case 'configuration_loaded':
      return { status: 'connected', configuration: event.configuration, lastRun };
    case 'record_unreadable':
      return { status: 'unreadable', configurationId: event.configurationId, lastRun };
    case 'run_started': {
      const { configurationId, request, at, former = configurationOf(state) } = event;
      const report = newReport(configurationId, at);
      return { status: 'running', configurationId, request, former, hasSwitched: false, stored: null, report };
    }
    case 'disconnected':
      return { status: 'disconnected', lastRun };
    case 'services_switched':
    case 'configuration_stored':
    case 'step_started':
    case 'step_progressed':
    case 'step_done':
    case 'warned':
    case 'run_ended':
      return state;
  }
};

const reduceRunning = (state: RunningInstallation, event: InstallationEvent): InstallationState => {
  switch (event.type) {
    case 'services_switched':
      return { ...state, hasSwitched: true };
    case 'configuration_stored':
      return event.configuration.configurationId === state.configurationId ? { ...state, stored: event.configuration } : state;
    case 'run_ended':
      return endRun(state, event);
    case 'step_started':
    case 'step_progressed':
    case 'step_done':
    case 'warned':
      return { ...state, report: reduceReport(state.report, event) };
    case 'configuration_loaded':
    case 'record_unreadable':
    case 'run_started':
    case 'disconnected':
      return state;
  }
};

/** A run succeeds only once its configuration is stored; one that fails returns to the former configuration. */
const endRun = (state: RunningInstallation, event: Extract<RunEvent, { type: 'run_ended' }>): InstallationState => {
  if (event.fault === null && state.stored === null) return state;
  const lastRun = reduceReport(state.report, event);
  const configuration = event.fault === null ? state.stored : state.former;
  return configuration === null ? { status: 'disconnected', lastRun } : { status: 'connected', configuration, lastRun };
};

/** The run in progress, otherwise the last one. */
export const lastRunOf = (state: InstallationState): InstallationRun | null =>
  state.status === 'running' ? state.report : state.lastRun;

/** The configuration that is stored for good, and that services can be sent; null during a run. */
export const configurationOf = (state: InstallationState): Configuration | null =>
  state.status === 'connected' ? state.configuration : null;

/** The id of the record that this gateway holds, a run's and an unreadable one's included; null without one. */
export const recordIdOf = (state: InstallationState): string | null => {
  switch (state.status) {
    case 'disconnected':
      return null;
    case 'connected':
      return state.configuration.configurationId;
    case 'unreadable':
    case 'running':
      return state.configurationId;
  }
};

/**
 * The id of the configuration that services are expected to use. During a run it is the former one until the run switches
 * the first service, also if an earlier process did that.
 */
export const effectiveIdOf = (state: InstallationState, statusOf: StatusOf): string | null => {
  if (state.status !== 'running' || state.former === null) return recordIdOf(state);
  const { configurationId, former, hasSwitched, stored } = state;
  const isSwitched =
    hasSwitched || stored !== null || serviceNames.some((service) => statusOf(service).configurationId === configurationId);
  return isSwitched ? configurationId : former.configurationId;
};

/** True if somebody can sign in, now or after the run: then the setup token is refused. */
export const isConfigured = (state: InstallationState, statusOf: StatusOf): boolean =>
  state.status === 'connected' ||
  (state.status === 'running' && (state.former !== null || state.stored !== null)) ||
  serviceNames.some((service) => isOfEnvironment(statusOf(service)));

/** True if nothing is configured and the services wait for it: then the setup token is accepted. */
export const isAwaitingSetup = (state: InstallationState, statusOf: StatusOf): boolean => {
  const statuses = serviceNames.map(statusOf);
  return (
    state.status === 'disconnected' && statuses.some(({ source }) => source !== undefined) && !statuses.some(isOfEnvironment)
  );
};
