import { setTimeout as delay } from 'node:timers/promises';
import { createPool as createSlonikPool, type DatabasePool } from 'slonik';
import { connectionOn, type Connection } from './connection.ts';
import { isConnectionLost, isRetryable, isUnavailable, outcomeUnknown, sqlStateOf } from './database-errors.ts';
import { createPoolDriver } from './driver.ts';
import { resultParser } from './result-parser.ts';
import type { Query } from './sql.ts';

export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly poolMax: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Connections to a server that answers. It never retries and never waits for a server to come back. */
export interface Pool {
  run<Row>(query: Query<Row>): Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;
  /** Throws SERVICE_UNAVAILABLE when it is unknown whether the commit happened. */
  transact<T>(work: (tx: Connection) => Promise<T>): Promise<T>;
  /** Whether it holds no connection at all. */
  isEmpty(): boolean;
  /** Cuts every connection: whatever is under way fails at once. */
  abandon(): void;
  /** Lets what is under way end, for a while. */
  close(timeoutMs: number): Promise<void>;
}

const idleTimeoutMs = 120_000;
const terminationTimeoutMs = 1_000;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** slonik throws away the connection of a handler that throws. A refused row is no reason to. */
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

export const createPool = async (options: PoolOptions): Promise<Pool> => {
  const { url, poolMax, statementTimeoutMs, connectTimeoutMs } = options;
  const driver = createPoolDriver(options);
  const pool = await createSlonikPool(url, {
    driverFactory: driver.factory,
    interceptors: [resultParser],
    maxPoolSize: poolMax,
    minPoolSize: 0,
    idleTimeout: idleTimeoutMs,
    connectionTimeout: connectTimeoutMs,
    statementTimeout: statementTimeoutMs,
    gracefulTerminationTimeout: terminationTimeoutMs,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    transactionRetryLimit: 0,
    resetConnection: async () => undefined,
  });
  pool.on('error', () => undefined);
  const end = (): Promise<void> => pool.end().catch(() => undefined);
  return {
    run: async (query) => valueOf(await pool.connect((connection) => keepingConnection(() => connection.query(query)))),
    transact: (work) => transactOn(pool, work),
    isEmpty: driver.isEmpty,
    abandon: () => {
      void end();
      driver.destroyAll();
    },
    close: async (timeoutMs) => {
      await Promise.race([end(), delay(timeoutMs, undefined, { ref: false })]);
      driver.destroyAll();
    },
  };
};
