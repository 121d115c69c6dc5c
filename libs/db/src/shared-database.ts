import { isAppError } from '@guildhall/errors';
import { connectionFrom, type Connection } from './connection.ts';
import { isUnavailable, notConfigured, unavailable } from './database-errors.ts';
import { createGate } from './gate.ts';
import { startHealthMonitor, type HealthMonitor } from './health-monitor.ts';
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
  /** Null: not configured, a normal state. */
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
  /** Answers how to stop listening. */
  onChange(listener: (state: SharedDatabaseState) => void): () => void;
  /** Ends within five seconds. */
  close(): Promise<void>;
}

const defaults = { poolMax: 10, statementTimeoutMs: 5_000, connectTimeoutMs: 2_000, waitingMax: 200, waitMsMax: 3_000 };
const closeTimeoutMs = 5_000;

/** The state, who listens to it, and the log line of each change. */
const createStateHolder = (first: SharedDatabaseState, log: DatabaseLog, schema: string) => {
  const listeners = new Set<(state: SharedDatabaseState) => void>();
  let current = first;
  return {
    get: (): SharedDatabaseState => current,
    set: (next: SharedDatabaseState): void => {
      if (next.status === current.status && next.detail === current.detail) return;
      current = next;
      log[next.status === 'ready' ? 'info' : 'warn']({ schema, ...next }, `Shared database: ${next.status}`);
      for (const listener of listeners) listener(next);
    },
    onChange: (listener: (state: SharedDatabaseState) => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** Never rejects and never waits: the state tells how far it is. */
export const createSharedDatabase = (options: SharedDatabaseOptions): SharedDatabase => {
  const { url, schema, applicationName, migrationsExpected, log } = options;
  const { poolMax, statementTimeoutMs, connectTimeoutMs, waitingMax, waitMsMax } = { ...defaults, ...options };
  const state = createStateHolder({ status: url === null ? 'not_configured' : 'connecting' }, log, schema);
  const gate = createGate({ insideMax: poolMax, waitingMax, waitMsMax });
  let pool: Pool | undefined;
  let monitor: HealthMonitor | undefined;
  let isClosed = false;

  const openPool = async (address: string): Promise<void> => {
    pool ??= await createPool({ url: address, applicationName, poolMax, statementTimeoutMs, connectTimeoutMs });
    if (!isClosed) state.set({ status: 'ready' });
  };
  const dropPool = (detail: string): void => {
    state.set({ status: 'unavailable', detail });
    pool?.abandon();
    pool = undefined;
  };
  const readyPool = (): Pool => {
    if (url === null) throw notConfigured();
    if (pool === undefined || isClosed) throw unavailable();
    return pool;
  };

  const use = async <T>(work: (ready: Pool) => Promise<T>): Promise<T> => {
    readyPool();
    try {
      return await gate.through(() => retryContended(() => work(readyPool())));
    } catch (error) {
      if (isUnavailable(isAppError(error) ? error.cause : error)) monitor?.checkNow();
      throw isUnavailable(error) ? unavailable(error) : error;
    }
  };

  if (url !== null) {
    monitor = startHealthMonitor({
      url,
      applicationName,
      schema,
      migrationsExpected,
      onHealthy: () => openPool(url),
      onUnhealthy: dropPool,
    });
  }

  return {
    connection: connectionFrom((query) => use((ready) => ready.run(query))),
    inTransaction: (work) => use((ready) => ready.transact(work)),
    state: state.get,
    onChange: state.onChange,
    close: async () => {
      isClosed = true;
      monitor?.stop();
      if (url !== null) state.set({ status: 'unavailable', detail: 'closed' });
      await pool?.close(closeTimeoutMs);
    },
  };
};
