import { setTimeout as delay } from 'node:timers/promises';
import { isAppError } from '@guildhall/errors';
import { isRepeating } from '@guildhall/repeat';
import { connectionFrom, type Connection } from './connection.ts';
import { createDatabaseClock } from './database-clock.ts';
import { isUnavailable, notConfigured, unavailable } from './database-errors.ts';
import type { MigrationCount } from './health-monitor.ts';
import { openMonitoredPool, type MonitoredPool } from './monitored-pool.ts';
import type { Pool, PoolUsage } from './pool.ts';
import { retryContended } from './retry.ts';

export interface SharedDatabaseState {
  readonly status: 'not_configured' | 'connecting' | 'ready' | 'unavailable';
  /** A few words for people: never an address or a password. */
  readonly detail?: string;
}

/** The two methods of a pino logger that this package calls. */
export interface DatabaseLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SharedDatabaseOptions {
  /** The first address of the database. Null: not configured, a normal state. */
  readonly url: string | null;
  /** The service's own schema. */
  readonly schema: string;
  /** Shown in the server's list of sessions. */
  readonly applicationName: string;
  readonly migrationsExpected: readonly string[] | number;
  /** The interval at which the migrations of a database that is in use are counted again. Default: 5,000 ms. */
  readonly migrationsEveryMs?: number;
  readonly log: DatabaseLog;
  /** Default: 10. One more connection watches the server's health. */
  readonly poolMax?: number;
  /** Default: 5,000 ms. */
  readonly statementTimeoutMs?: number;
  /** Default: 2,000 ms. */
  readonly connectTimeoutMs?: number;
  /** The number of requests that may wait for a connection. Default: 200. */
  readonly waitingMax?: number;
  /** The time that a request may wait for a connection. Default: 3,000 ms. */
  readonly waitMsMax?: number;
  /** The time for which a connection is kept that nobody needs. Default: 120,000 ms. */
  readonly idleMs?: number;
}

/**
 * The shared database of a service, behind a circuit breaker: it may be unconfigured, and it may fail and recover at any
 * time. While it is not ready, every use fails fast with AppError NOT_CONFIGURED or SHARED_DB_UNAVAILABLE; if too many
 * requests wait for a connection, with SERVICE_UNAVAILABLE (backpressure).
 */
export interface SharedDatabase {
  /** Runs each statement in its own transaction. The object never changes, so that stores are built on it once. */
  readonly connection: Connection;
  /**
   * Runs `work` in one transaction at READ COMMITTED. `work` may run several times, so it must have no effect outside the
   * database. Throws SERVICE_UNAVAILABLE if the connection is lost during the commit: the change may have been made.
   */
  inTransaction<T>(work: (tx: Connection) => Promise<T>): Promise<T>;
  state(): SharedDatabaseState;
  /**
   * The state after the health checks that were requested so far, so that `ready` takes every earlier failure into account.
   * `unavailable` if these checks take longer than half a second.
   */
  settledState(): Promise<SharedDatabaseState>;
  /**
   * Reads the database's clock, by its last health check: within a round trip the same for all processes on one database. The system's
   * clock until the first check. For every time that is stored or compared with a stored one.
   */
  readonly now: () => Date;
  /** The use of its connections now; all 0 while there are none. */
  poolUsage(): PoolUsage;
  /** Migration counts at the last health check; null before the first one, and where no migrations are expected. */
  migrations(): MigrationCount | null;
  /** Switches to the database at another address, or to none. Statements that run on the previous database fail. */
  moveTo(url: string | null): void;
  /** Calls `listener` on each change. Returns a function that removes the listener. */
  onChange(listener: (state: SharedDatabaseState) => void): () => void;
  /** Waits for running statements, five seconds at most, and closes every connection. */
  close(): Promise<void>;
}

const settleMsMax = 500;

/** Failed attempts at start-up that are logged without a warning: the server may still be starting, too. */
const failuresAtStartMax = 2;

/** Logs each change of state: as a warning if a working database was lost or if start-up keeps failing, else as information. */
const createChangeLog = (log: DatabaseLog, schema: string) => {
  let wasReady = false;
  let failures = 0;
  return (next: SharedDatabaseState, isChange: boolean): void => {
    const isFailure = next.status === 'unavailable' && next.detail !== 'closed';
    if (next.status === 'connecting') wasReady = false;
    failures = isFailure ? failures + 1 : 0;
    const isLasting = failures === failuresAtStartMax + 1 && !wasReady;
    const isWarning = isFailure && (wasReady || failures > failuresAtStartMax);
    if (isChange || isLasting) log[isWarning ? 'warn' : 'info']({ schema, ...next }, `Shared database: ${next.status}`);
    wasReady ||= next.status === 'ready';
  };
};

/** Holds the current state, calls the listeners on each change and logs it. */
const createStateHolder = (first: SharedDatabaseState, log: DatabaseLog, schema: string) => {
  const listeners = new Set<(state: SharedDatabaseState) => void>();
  const logChange = createChangeLog(log, schema);
  let current = first;
  return {
    get: (): SharedDatabaseState => current,
    set: (next: SharedDatabaseState): void => {
      const isChange = next.status !== current.status || next.detail !== current.detail;
      logChange(next, isChange);
      if (!isChange) return;
      current = next;
      for (const listener of listeners) listener(next);
    },
    onChange: (listener: (state: SharedDatabaseState) => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** Tells whether the health checks that were requested so far end within half a second. */
const isSettledInTime = (monitored: MonitoredPool | null): Promise<boolean> =>
  Promise.race([(monitored?.settled() ?? Promise.resolve()).then(() => true), delay(settleMsMax, false, { ref: false })]);

const settledState = async (
  monitored: MonitoredPool | null,
  current: () => SharedDatabaseState,
): Promise<SharedDatabaseState> => {
  const isSettled = await isSettledInTime(monitored);
  // For whoever asks next: a state that nobody uses or asks for may be seconds old.
  monitored?.noteUse();
  return isSettled || current().status !== 'ready' ? current() : { status: 'unavailable', detail: 'health check in progress' };
};

/** Creates the shared database of a service and connects in the background. Never throws: `state` says whether it is ready. */
export const createSharedDatabase = (options: SharedDatabaseOptions): SharedDatabase => {
  const { schema, log } = options;
  const state = createStateHolder({ status: options.url === null ? 'not_configured' : 'connecting' }, log, schema);
  const clock = createDatabaseClock({ monotonicMs: () => performance.now(), systemMs: Date.now });
  let migrations: MigrationCount | null = null;
  let isClosed = false;

  const openAt = (url: string | null): MonitoredPool | null =>
    url === null
      ? null
      : openMonitoredPool(url, options, {
          onState: state.set,
          onTime: clock.learn,
          onMigrations: (count) => void (migrations = count),
        });
  let monitored = openAt(options.url);

  const readyPool = (): Pool => {
    if (monitored === null) throw notConfigured();
    const pool = monitored.pool();
    if (pool === undefined || isClosed) throw unavailable();
    return pool;
  };
  const use = async <T>(work: (ready: Pool) => Promise<T>): Promise<T> => {
    const [pool, failing] = [readyPool(), monitored];
    // A poll is no use that anybody waits for.
    if (!isRepeating()) failing?.noteUse();
    try {
      return await pool.admit(() => retryContended(() => work(pool)));
    } catch (error) {
      if (isUnavailable(isAppError(error) ? error.cause : error)) failing?.reportFailure(pool);
      throw isUnavailable(error) ? unavailable(error) : error;
    }
  };

  return {
    connection: connectionFrom((query) => use((ready) => ready.run(query))),
    inTransaction: (work) => use((ready) => ready.transact(work)),
    state: state.get,
    settledState: () => settledState(monitored, state.get),
    now: clock.now,
    poolUsage: () => monitored?.pool()?.usage() ?? { open: 0, inUse: 0, waiting: 0 },
    migrations: () => migrations,
    moveTo: (url) => {
      if (isClosed) return;
      monitored?.abandon();
      migrations = null;
      clock.forget();
      state.set({ status: url === null ? 'not_configured' : 'connecting' });
      monitored = openAt(url);
    },
    onChange: state.onChange,
    close: async () => {
      isClosed = true;
      if (monitored !== null) state.set({ status: 'unavailable', detail: 'closed' });
      await monitored?.close();
    },
  };
};
