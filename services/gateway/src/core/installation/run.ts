import type { InstallationFault } from '@guildhall/contracts';
import type { Configuration, InstallationParts, InstallationServices } from './parts.ts';
import type { RecordHolder } from './record.ts';
import { runInProgress } from './refusals.ts';
import { rollBack } from './roll-back.ts';
import { takeSteps } from './run-steps.ts';
import type { ServiceSync } from './service-sync.ts';
import type { StateStore } from './state-store.ts';
import type { RunningInstallation } from './state.ts';

export interface RunnerParts extends InstallationParts {
  readonly services: InstallationServices;
  readonly store: StateStore;
  readonly record: RecordHolder;
  readonly sync: ServiceSync;
}

/** Carries out the run that the state is in, a resumable workflow (saga): takes its steps and ends it, or rolls it back. */
export interface Runner {
  /** `isResumed`: an earlier process began the run. */
  start(isResumed: boolean): void;
  isClosing(): boolean;
  /** Interrupts the run at its next safe point, within three seconds. It goes on at the next start. */
  close(): Promise<void>;
}

const closeMsMax = 3_000;

export const createRunner = (parts: RunnerParts): Runner => {
  const { store, pause, log } = parts;
  const closing = new AbortController();
  let ending: Promise<void> = Promise.resolve();
  return {
    start(isResumed) {
      const run = store.state();
      if (run.status !== 'running') throw new Error('A run is started only after its event run_started.');
      ending = carryOut(parts, run, isResumed, closing.signal).catch((error: unknown) =>
        log.error({ err: error }, 'the run ended with an unexpected error'),
      );
    },
    isClosing: () => closing.signal.aborted,
    async close() {
      closing.abort();
      const timer = new AbortController();
      await Promise.race([ending, pause(closeMsMax, timer.signal)]);
      timer.abort();
    },
  };
};

const carryOut = async (
  parts: RunnerParts,
  { configurationId, request, former }: RunningInstallation,
  isResumed: boolean,
  signal: AbortSignal,
): Promise<void> => {
  const { store, sync, record, now, log } = parts;
  const storeConfiguration = (configuration: Configuration): void => keep(parts, configuration);
  const { dispatch } = store;
  const context = { ...parts, configurationId, request, isResumed, addresses: null, signal, dispatch, storeConfiguration };
  const end = (fault: InstallationFault | null): void => dispatch({ type: 'run_ended', at: now().toISOString(), fault });

  const outcome = await takeSteps(context, log);
  if (outcome === 'interrupted') return;
  if (outcome === 'done') {
    log.info({ configurationId }, 'the shared database is connected');
    end(null);
    return;
  }
  if (!(await rollBack({ ...parts, record, former, signal }))) return;
  await sync.pushAll(former);
  end(outcome);
};

/** Stores the configuration in place of the run's request, which is forgotten with its passwords. */
const keep = ({ record, store, setup }: RunnerParts, { configurationId, addresses }: Configuration): void => {
  if (!record.replace({ phase: 'configured', configurationId, addresses })) throw runInProgress();
  setup.close();
  store.dispatch({ type: 'configuration_stored', configuration: { configurationId, addresses } });
};
