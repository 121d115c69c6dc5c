import { isAppError } from '@guildhall/errors';
import type { DatabaseState, InstallationFaultCode, ServiceName } from '@guildhall/contracts';
import { RunFault, RunInterrupted } from './fault.ts';
import type { Configuration, InstallationParts, InstallationServices } from './parts.ts';

/** What it takes to wait for a service. */
export interface Waiting extends Pick<InstallationParts, 'now' | 'pause'> {
  readonly services: InstallationServices;
  readonly signal: AbortSignal;
}

const askEveryMs = 250;
/** A service that starts anew, or a database that does, is waited for this long. */
export const awayMsMax = 30_000;
/** A fault of a migration may pass by itself: another holder of the lease, a lost race. */
const faultMsMax = 3_000;
const migratingMsMax = 1_800_000;

export const waitABit = async ({ pause, signal }: Pick<Waiting, 'pause' | 'signal'>): Promise<void> => {
  await pause(askEveryMs, signal);
  if (signal.aborted) throw new RunInterrupted();
};

interface Trouble {
  readonly code: InstallationFaultCode;
  readonly detail: string;
  /** How long it may last before it ends the run. */
  readonly msMax: number;
}

/** The report is open to anyone: what the database said is in the service's log alone. */
const migrationFailed = (service: ServiceName, fault: string): string => {
  const file = /\b\d{4}_[a-z0-9_]{1,100}/.exec(fault)?.[0];
  const where = file === undefined ? '' : ` at ${file}`;
  return `The ${service} service cannot migrate its schema${where}. Its log says why: put that right, then configure again.`;
};

const troubleOf = (service: ServiceName, state: DatabaseState | null): Trouble => {
  if (state === null || state.status === 'not_configured') return { ...unreachable(service), msMax: awayMsMax };
  if (state.fault !== null) {
    return { code: 'MIGRATION_FAILED', detail: migrationFailed(service, state.fault), msMax: faultMsMax };
  }
  if (state.status === 'migrating') {
    const detail = `The migrations of the ${service} service did not end within half an hour. See its log, then configure again.`;
    return { code: 'MIGRATION_FAILED', detail, msMax: migratingMsMax };
  }
  const detail = `The ${service} service cannot reach the database. See that its machine can, then configure again.`;
  return { code: 'UNREACHABLE', detail, msMax: awayMsMax };
};

export const unreachable = (service: ServiceName): { code: 'SERVICE_UNREACHABLE'; detail: string } => ({
  code: 'SERVICE_UNREACHABLE',
  detail: `The ${service} service does not answer. Start it, then configure again.`,
});

/** Tells a service of the configuration unless it knows, and answers how it is; null when it does not answer. */
const tell = async (
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

/**
 * Has a service migrate and use its part, however often it starts anew meanwhile, and resolves once it is ready. Throws
 * RunFault for what does not pass by itself.
 */
export const arrive = async (
  waiting: Waiting,
  service: ServiceName,
  configuration: Configuration,
  say: (detail: string) => void,
): Promise<void> => {
  let trouble: { code: string; sinceMs: number } | undefined;
  for (;;) {
    const state = await tell(waiting.services, service, configuration);
    if (waiting.signal.aborted) throw new RunInterrupted();
    if (state?.migrations)
      say(`${state.migrations.applied} of ${state.migrations.applied + state.migrations.pending} migrations`);
    if (state?.status === 'ready') return;
    const found = troubleOf(service, state);
    const nowMs = waiting.now().getTime();
    if (trouble?.code !== found.code) trouble = { code: found.code, sinceMs: nowMs };
    if (nowMs - trouble.sinceMs >= found.msMax) throw new RunFault(found.code, found.detail);
    await waitABit(waiting);
  }
};
