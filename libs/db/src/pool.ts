import { setTimeout as delay } from 'node:timers/promises';
import { createPool as createSlonikPool, type DatabasePool } from 'slonik';
import { connectionOn, type Connection } from './connection.ts';
import { isConnectionLost, isRetryable, isUnavailable, outcomeUnknown, sqlStateOf } from './database-errors.ts';
import { createPoolDriver, type PoolDriver } from './driver.ts';
import { createPoolGrowth } from './pool-growth.ts';
import { startPoolShrink } from './pool-shrink.ts';
import { resultParser } from './result-parser.ts';
import { createSemaphore } from './semaphore.ts';
import type { Query } from './sql.ts';

export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly waitingMax: number;
  readonly waitMsMax: number;
  /** The time for which a connection is kept that nobody needs, in milliseconds. */
  readonly idleMs: number;
  /** A connection could not be opened. */
  readonly onOpenFailed: (error: unknown) => void;
}

/** The use of a pool: its connections, and who has or wants one. */
export interface PoolUsage {
  /** Open connections. */
  readonly open: number;
  /** Callers that have one. */
  readonly inUse: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}

/**
 * One generation of connections: all of them were opened since the server last answered, and none outlives the outage
 * that ends the generation. It never waits for the server to recover.
 */
export interface Pool {
  /**
   * Runs `work`, which uses this pool, as soon as one of the open connections is free. A connection that cannot be opened
   * fails nobody while others are open. Throws SERVICE_UNAVAILABLE when too many wait, or for too long.
   */
  admit<T>(work: () => Promise<T>): Promise<T>;
  /** Opens a connection unless one is open. Throws if that fails. */
  prove(): Promise<void>;
  run<Row>(query: Query<Row>): Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;
  /** Throws SERVICE_UNAVAILABLE when it is unknown whether the commit happened. */
  transact<T>(work: (tx: Connection) => Promise<T>): Promise<T>;
  /** The number of statements that the server has answered on these connections. */
  answered(): number;
  usage(): PoolUsage;
  /** Closes every connection at once: running statements fail, and waiting requests are refused with `error`. */
  abandon(error: unknown): void;
  /** Waits for running statements, `timeoutMs` at most, then closes every connection. */
  close(timeoutMs: number): Promise<void>;
}

const terminationTimeoutMs = 1_000;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Keeps the connection after an error of the statement: slonik destroys the connection of a handler that throws. */
const keepingConnection = async <T>(work: () => Promise<T>): Promise<Outcome<T>> => {
  try {
    return { value: await work() };
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    return { error };
  }
};

const valueOf = <T>(outcome: Outcome<T>): T => {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
};

const transactOn = async <T>(pool: DatabasePool, work: (tx: Connection) => Promise<T>): Promise<T> => {
  let isCommitting = false;
  try {
    const outcome = await pool.connect((connection) =>
      keepingConnection(() =>
        connection.transaction(async (tx) => {
          const value = await work(connectionOn(tx));
          isCommitting = true;
          return value;
        }),
      ),
    );
    return valueOf(outcome);
  } catch (error) {
    const isAnswered = sqlStateOf(error) !== undefined && !isUnavailable(error);
    if (isCommitting && !isAnswered && !isRetryable(error)) throw outcomeUnknown(error);
    throw error;
  }
};

const openSlonikPool = async (
  { url, poolMax, statementTimeoutMs, connectTimeoutMs, idleMs }: PoolOptions,
  { factory }: PoolDriver,
): Promise<DatabasePool> => {
  const pool = await createSlonikPool(url, {
    driverFactory: factory,
    interceptors: [resultParser],
    maxPoolSize: poolMax,
    minPoolSize: 0,
    idleTimeout: idleMs,
    connectionTimeout: connectTimeoutMs,
    statementTimeout: statementTimeoutMs,
    gracefulTerminationTimeout: terminationTimeoutMs,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    transactionRetryLimit: 0,
    resetConnection: async () => undefined,
  });
  pool.on('error', () => undefined);
  return pool;
};

/** Closes a free connection of the pool, as slonik does with the connection of a handler that throws. Always throws. */
const closeOneOf = (pool: DatabasePool): Promise<never> =>
  pool.connect(() => Promise.reject(new Error('The connection is not needed any more.')));

export const createPool = async (options: PoolOptions): Promise<Pool> => {
  const { poolMax, waitingMax, waitMsMax, idleMs, onOpenFailed } = options;
  const driver = createPoolDriver({ ...options, onOpened: () => semaphore.admit() });
  const pool = await openSlonikPool(options, driver);
  const growth = createPoolGrowth({
    open: () => pool.connect(async () => undefined),
    size: driver.size,
    sizeMax: poolMax,
    isWanted: () => semaphore.waiting() > 0,
    onFailed: (error) => {
      onOpenFailed(error);
      if (driver.size() === 0) semaphore.refuseWaiting(error);
    },
  });
  const semaphore = createSemaphore({
    permits: driver.size,
    presentMax: poolMax + waitingMax,
    waitMsMax,
    onWaiting: growth.grow,
  });
  const stopShrinking = startPoolShrink({
    size: driver.size,
    peak: semaphore.takePeak,
    // What else it may fail by closes the connection as well, or says that the pool is busy or has ended.
    closeOne: () => semaphore.through(() => closeOneOf(pool)).catch(() => undefined),
    idleMs,
  });
  const end = (): Promise<void> => {
    growth.stop();
    stopShrinking();
    return pool.end().catch(() => undefined);
  };
  return {
    admit: semaphore.through,
    prove: growth.openFirst,
    run: async (query) => valueOf(await pool.connect((connection) => keepingConnection(() => connection.query(query)))),
    transact: (work) => transactOn(pool, work),
    answered: driver.answered,
    usage: () => ({ open: driver.size(), inUse: semaphore.inside(), waiting: semaphore.waiting() }),
    abandon: (error) => {
      void end();
      driver.destroyAll();
      semaphore.refuseWaiting(error);
    },
    close: async (timeoutMs) => {
      await Promise.race([end(), delay(timeoutMs, undefined, { ref: false })]);
      driver.destroyAll();
    },
  };
};
