import type { DatabaseClock } from './database-clock.ts';
import { unavailable } from './database-errors.ts';
import { startHealthMonitor, type HealthMonitor, type MigrationCount } from './health-monitor.ts';
import { createPool, type Pool } from './pool.ts';
import type { SharedDatabaseOptions, SharedDatabaseState } from './shared-database.ts';

const defaults = {
  poolMax: 10,
  statementTimeoutMs: 5_000,
  connectTimeoutMs: 2_000,
  waitingMax: 200,
  waitMsMax: 3_000,
  idleMs: 120_000,
};
const closeTimeoutMs = 5_000;

/**
 * Opens a monitored pool: a health monitor that opens and closes the circuit breaker, and a pool of connections that exists
 * while the breaker is closed. Each outage ends one generation of connections; the next pool must answer a statement before
 * the state becomes `ready`, and failures of an earlier generation are ignored. Calls no listener after it is closed.
 */
export const openMonitoredPool = (url: string, options: SharedDatabaseOptions, events: MonitoredPoolEvents) => {
  const limits = { ...defaults, ...options };
  let pool: Pool | undefined;
  let isEnded = false;
  /** Checks the server's health at once after a connection of the current generation failed. */
  const reportFailure = (generation: Pool | undefined): void => {
    if (generation !== undefined && generation === pool) monitor.checkNow();
  };
  const openPool = async (): Promise<void> => {
    const opened: Pool = pool ?? (await createPool({ ...limits, url, onOpenFailed: () => reportFailure(opened) }));
    try {
      await opened.prove();
    } catch (error) {
      if (opened !== pool) opened.abandon(error);
      throw error;
    }
    if (isEnded) return opened.abandon(unavailable());
    pool = opened;
    events.onState({ status: 'ready' });
  };
  const dropPool = (detail: string): void => {
    if (isEnded) return;
    const dropped = pool;
    pool = undefined;
    events.onState({ status: 'unavailable', detail });
    dropped?.abandon(unavailable());
  };
  const monitor: HealthMonitor = startHealthMonitor({
    ...limits,
    url,
    onTime: (...reading) => isEnded || events.onTime(...reading),
    onMigrations: (count) => isEnded || events.onMigrations(count),
    onOtherIsolation: (isolation) =>
      options.log.warn(
        { schema: options.schema, isolation },
        'Transactions do not run at READ COMMITTED: conflicting changes are retried more often. CockroachDB: sql.txn.read_committed_isolation.enabled',
      ),
    onHealthy: openPool,
    onUnhealthy: dropPool,
    answeredElsewhere: () => pool?.answered() ?? 0,
  });
  const end = (): Pool | undefined => {
    isEnded = true;
    monitor.stop();
    const last = pool;
    pool = undefined;
    return last;
  };
  return {
    pool: () => pool,
    reportFailure,
    settled: monitor.settled,
    noteUse: monitor.noteUse,
    abandon: (): void => end()?.abandon(unavailable()),
    close: async (): Promise<void> => end()?.close(closeTimeoutMs),
  };
};

export interface MonitoredPoolEvents {
  readonly onTime: DatabaseClock['learn'];
  readonly onState: (state: SharedDatabaseState) => void;
  readonly onMigrations: (count: MigrationCount) => void;
}

export type MonitoredPool = ReturnType<typeof openMonitoredPool>;
