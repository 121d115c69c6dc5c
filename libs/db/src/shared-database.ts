import { setTimeout as delay } from 'node:timers/promises';
import { isAppError } from '@guildhall/errors';
import { connectionFrom, type Connection } from './connection.ts';
import { isUnavailable, notConfigured, unavailable } from './database-errors.ts';
import { startHealthMonitor, type HealthMonitor, type MigrationCount } from './health-monitor.ts';
import { createPool, type Pool } from './pool.ts';
import { retryContended } from './retry.ts';

export interface SharedDatabaseState {
  readonly status: 'not_configured' | 'connecting' | 'ready' | 'unavailable';
  /** A few words for people: never an address or a password. */
  readonly detail?: string;
}

/** What pino's logger offers, and all that is asked of one. */
export interface DatabaseLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SharedDatabaseOptions {
  /** Where it is at first. Null: not configured, a normal state. */
  readonly url: string | null;
  /** The service's own schema. */
  readonly schema: string;
  /** Shown in the server's list of sessions. */
  readonly applicationName: string;
  readonly migrationsExpected: readonly string[] | number;
  readonly log: DatabaseLog;
  /** Default: 10. One more connection watches the server's health. */
  readonly poolMax?: number;
  /** Default: 5,000 ms. */
  readonly statementTimeoutMs?: number;
  /** Default: 2,000 ms. */
  readonly connectTimeoutMs?: number;
  /** How many may wait for a connection. Default: 200. */
  readonly waitingMax?: number;
  /** How long one may wait for a connection. Default: 3,000 ms. */
  readonly waitMsMax?: number;
}

/**
 * The shared database as a service sees it: it may be missing, and it may go and come back at any time. Every use
 * throws AppError NOT_CONFIGURED or SHARED_DB_UNAVAILABLE at once while it is not ready, and SERVICE_UNAVAILABLE when
 * too many wait for it.
 */
export interface SharedDatabase {
  /** Every statement by itself. The same object for ever: stores are built on it once. */
  readonly connection: Connection;
  /**
   * One transaction at READ COMMITTED. `work` may run several times and has no effect outside the database. When the
   * connection is lost at the commit, throws SERVICE_UNAVAILABLE: the change may have been made.
   */
  inTransaction<T>(work: (tx: Connection) => Promise<T>): Promise<T>;
  state(): SharedDatabaseState;
  /**
   * The state once every failure so far has been looked into, so that `ready` holds for what is asked from now on.
   * Unavailable when that takes longer than half a second.
   */
  settledState(): Promise<SharedDatabaseState>;
  /** Migration counts at the last health check; null before the first one, and where no migrations are expected. */
  migrations(): MigrationCount | null;
  /** Uses the database at another address from now on, or none. What is under way on the former one is cut. */
  moveTo(url: string | null): void;
  /** Answers how to stop listening. */
  onChange(listener: (state: SharedDatabaseState) => void): () => void;
  /** Ends within five seconds. */
  close(): Promise<void>;
}

const defaults = { poolMax: 10, statementTimeoutMs: 5_000, connectTimeoutMs: 2_000, waitingMax: 200, waitMsMax: 3_000 };
const closeTimeoutMs = 5_000;
const settleMsMax = 500;

/** Tries of a start that may fail unheard: the server, or this process itself, is still busy with its own start. */
const failuresAtStartMax = 2;

/** Chooses the level of each change: a warning for a database that was lost, or that a start does not get hold of. */
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

/** The state, who listens to it, and the log line of each change. */
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

/**
 * One address: a pool while the server is well, and the monitor that says so. A pool is one generation: it is opened anew
 * after each outage, it is proved before `ready` is said, and what goes wrong on an earlier one is no news of the current.
 * Calls no listener once it has ended.
 */
const openPlace = (url: string, options: SharedDatabaseOptions, place: PlaceEvents) => {
  const limits = { ...defaults, ...options };
  let pool: Pool | undefined;
  let isEnded = false;
  /** Something failed on a connection of this generation: worth a check at once. */
  const suspect = (generation: Pool | undefined): void => {
    if (generation !== undefined && generation === pool) monitor.checkNow();
  };
  const openPool = async (): Promise<void> => {
    const opened: Pool = pool ?? (await createPool({ ...limits, url, onOpenFailed: () => suspect(opened) }));
    try {
      await opened.prove();
    } catch (error) {
      if (opened !== pool) opened.abandon(error);
      throw error;
    }
    if (isEnded) return opened.abandon(unavailable());
    pool = opened;
    place.onState({ status: 'ready' });
  };
  const dropPool = (detail: string): void => {
    if (isEnded) return;
    const dropped = pool;
    pool = undefined;
    place.onState({ status: 'unavailable', detail });
    dropped?.abandon(unavailable());
  };
  const monitor: HealthMonitor = startHealthMonitor({
    ...limits,
    url,
    onMigrations: (count) => isEnded || place.onMigrations(count),
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
    suspect,
    settled: monitor.settled,
    leave: (): void => end()?.abandon(unavailable()),
    close: async (): Promise<void> => end()?.close(closeTimeoutMs),
  };
};

interface PlaceEvents {
  readonly onState: (state: SharedDatabaseState) => void;
  readonly onMigrations: (count: MigrationCount) => void;
}

type Place = ReturnType<typeof openPlace>;

/** Never rejects and never waits: the state tells how far it is. */
export const createSharedDatabase = (options: SharedDatabaseOptions): SharedDatabase => {
  const { schema, log } = options;
  const state = createStateHolder({ status: options.url === null ? 'not_configured' : 'connecting' }, log, schema);
  let migrations: MigrationCount | null = null;
  let isClosed = false;

  const placeAt = (url: string | null): Place | null =>
    url === null ? null : openPlace(url, options, { onState: state.set, onMigrations: (count) => void (migrations = count) });
  let place = placeAt(options.url);

  const readyPool = (): Pool => {
    if (place === null) throw notConfigured();
    const pool = place.pool();
    if (pool === undefined || isClosed) throw unavailable();
    return pool;
  };
  const use = async <T>(work: (ready: Pool) => Promise<T>): Promise<T> => {
    const pool = readyPool();
    const where = place;
    try {
      return await pool.admit(() => retryContended(() => work(pool)));
    } catch (error) {
      if (isUnavailable(isAppError(error) ? error.cause : error)) where?.suspect(pool);
      throw isUnavailable(error) ? unavailable(error) : error;
    }
  };

  return {
    connection: connectionFrom((query) => use((ready) => ready.run(query))),
    inTransaction: (work) => use((ready) => ready.transact(work)),
    state: state.get,
    settledState: async () => {
      const isSettled = await Promise.race([
        (place?.settled() ?? Promise.resolve()).then(() => true),
        delay(settleMsMax, false, { ref: false }),
      ]);
      return isSettled || state.get().status !== 'ready' ? state.get() : { status: 'unavailable', detail: 'being checked' };
    },
    migrations: () => migrations,
    moveTo: (url) => {
      if (isClosed) return;
      place?.leave();
      migrations = null;
      state.set({ status: url === null ? 'not_configured' : 'connecting' });
      place = placeAt(url);
    },
    onChange: state.onChange,
    close: async () => {
      isClosed = true;
      if (place !== null) state.set({ status: 'unavailable', detail: 'closed' });
      await place?.close();
    },
  };
};
