import { isAppError } from '@guildhall/errors';
import type { DatabaseState, ServiceName } from '@guildhall/contracts';
import { RunFault, RunInterrupted, serviceUnreachable, type FaultDetail } from './fault.ts';
import type { Configuration, InstallationParts, InstallationServices } from './parts.ts';

/** The parts of a wait for a service. */
export interface WaitParts extends Pick<InstallationParts, 'now' | 'pause'> {
  readonly services: InstallationServices;
  readonly signal: AbortSignal;
}

const pollEveryMs = 250;
/** The longest wait for a service or a database that is restarting. */
export const outageMsMax = 30_000;
/** A failed migration may recover by itself: another process held the lease, or won a race. */
const faultMsMax = 3_000;
const migratingMsMax = 1_800_000;

/** Waits for one poll interval. Throws RunInterrupted if the gateway closes meanwhile. */
export const pauseBetweenPolls = async ({ pause, signal }: Pick<WaitParts, 'pause' | 'signal'>): Promise<void> => {
  await pause(pollEveryMs, signal);
  if (signal.aborted) throw new RunInterrupted();
};

/**
 * Waits until a service has migrated its schema and is ready, pushing the configuration again whenever it has restarted.
 * Throws RunFault for a fault that lasts too long, RunInterrupted if the gateway closes.
 */
export const waitUntilReady = async (
  parts: WaitParts,
  service: ServiceName,
  configuration: Configuration,
  onProgress: (detail: string) => void,
): Promise<void> => {
  let obstacle: { code: string; sinceMs: number } | undefined;
  for (;;) {
    const state = await pushIfDrifted(parts.services, service, configuration);
    if (parts.signal.aborted) throw new RunInterrupted();
    if (state?.migrations)
      onProgress(`${state.migrations.applied} of ${state.migrations.applied + state.migrations.pending} migrations`);
    if (state?.status === 'ready') return;
    const found = obstacleOf(service, state);
    const nowMs = parts.now().getTime();
    if (obstacle?.code !== found.code) obstacle = { code: found.code, sinceMs: nowMs };
    if (nowMs - obstacle.sinceMs >= found.msMax) throw new RunFault(found.code, found.detail);
    await pauseBetweenPolls(parts);
  }
};

/** Pushes the configuration unless the service has it. Returns the service's state, null if it does not answer. */
const pushIfDrifted = async (
  services: InstallationServices,
  service: ServiceName,
  configuration: Configuration,
): Promise<DatabaseState | null> => {
  try {
    const state = await services.databaseState(service);
    return state.configurationId === configuration.configurationId ? state : await services.connect(service, configuration);
  } catch (error) {
    if (isAppError(error) && error.status === 503) return null;
    if (isAppError(error) && error.code === 'CONFLICT') throw new RunFault('MIGRATION_FAILED', error.message, error);
    throw error;
  }
};

/** The reason why a service is not ready, and for how many milliseconds the run tolerates it. */
const obstacleOf = (service: ServiceName, state: DatabaseState | null): FaultDetail & { readonly msMax: number } => {
  if (state === null || state.status === 'not_configured') return { ...serviceUnreachable(service), msMax: outageMsMax };
  if (state.fault !== null) return { code: 'MIGRATION_FAILED', detail: migrationFailed(service, state.fault), msMax: faultMsMax };
  if (state.status === 'migrating') {
    const detail = `The migrations of the ${service} service did not end within half an hour. See its log, then configure again.`;
    return { code: 'MIGRATION_FAILED', detail, msMax: migratingMsMax };
  }
  const detail = `The ${service} service cannot reach the database. See that its machine can, then configure again.`;
  return { code: 'UNREACHABLE', detail, msMax: outageMsMax };
};

/** Anyone may read the report: of the database's message it shows the name of the migration alone. */
const migrationFailed = (service: ServiceName, fault: string): string => {
  const file = /\b\d{4}_[a-z0-9_]{1,100}/.exec(fault)?.[0];
  const where = file === undefined ? '' : ` at ${file}`;
  return `The ${service} service cannot migrate its schema${where}. Its log says why: put that right, then configure again.`;
};
