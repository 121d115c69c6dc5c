import { setTimeout as delay } from 'node:timers/promises';
import { detailOf, sqlStateOf } from './database-errors.ts';
import { openSession, type DatabaseSession } from './database-session.ts';
import { retryContended } from './retry.ts';

export interface HealthMonitorOptions {
  readonly url: string;
  readonly applicationName: string;
  /** The schema whose migrations are counted. */
  readonly schema: string;
  /** The migrations that must have been applied: their names, or how many. */
  readonly migrationsExpected: readonly string[] | number;
  /** The interval at which the migrations of a database that is in use are counted again. Default: 5,000 ms. */
  readonly migrationsEveryMs?: number;
  /** Called with the database's time at each health check, and the monotonic times of the statement that read it. */
  readonly onTime: (databaseMs: number, sentAtMs: number, answeredAtMs: number) => void;
  /** Called at each health check that could read the migrations. */
  readonly onMigrations: (count: MigrationCount) => void;
  /** Called once per connection, if its transactions do not run at READ COMMITTED. */
  readonly onOtherIsolation: (level: string) => void;
  /** Awaited before the next health check. */
  readonly onHealthy: () => Promise<void>;
  readonly onUnhealthy: (detail: string) => void;
  /** The number of statements that the server has answered on other connections: while it grows, the server is not silent. */
  readonly answeredElsewhere: () => number;
}

export interface MigrationCount {
  readonly applied: number;
  readonly pending: number;
}

export interface HealthMonitor {
  /** Checks now instead of at the next interval, and once more after a check that is under way. */
  checkNow(): void;
  /** Somebody uses the database: it is checked twice a second then, at once if the last check is older. */
  noteUse(): void;
  /** Resolves when every check that was requested has ended. */
  settled(): Promise<void>;
  stop(): void;
}

/**
 * Interval and time-out together stay below the two seconds within which a silent server must be noticed. The interval is
 * the smaller part: a machine that everybody comes back to at once stands still for the better part of a second.
 */
const pingIntervalMs = 500;
const pingTimeoutMs = 1_300;
/** The interval while nobody uses the database. Whoever then does has it checked at once, and so waits no longer than a ping may take. */
const idlePingIntervalMs = 5_000;
const migrationsEveryMsDefault = 5_000;
const reconnectMsFirst = 100;
const reconnectMsMax = 1_000;
const undefinedSchemaOrTable = ['3F000', '42P01'];

/** The error of a server that answers but cannot be used: read-only, or with pending migrations. */
class Unfit extends Error {}

const readRecorded = async (session: DatabaseSession, schema: string): Promise<readonly string[]> => {
  const text = `SELECT DISTINCT name FROM "${schema}".schema_migrations ORDER BY name`;
  try {
    const { rows } = await session.query(text, { timeoutMs: pingTimeoutMs });
    return rows.map(({ name }: { name: string }) => name);
  } catch (error) {
    if (undefinedSchemaOrTable.includes(sqlStateOf(error) ?? '')) return [];
    throw error;
  }
};

const checkMigrations = async (session: DatabaseSession, options: HealthMonitorOptions): Promise<void> => {
  const { schema, migrationsExpected, onMigrations } = options;
  if (typeof migrationsExpected === 'number' ? migrationsExpected === 0 : migrationsExpected.length === 0) return;
  const recorded = await readRecorded(session, schema);
  const pending =
    typeof migrationsExpected === 'number'
      ? Math.max(0, migrationsExpected - recorded.length)
      : migrationsExpected.filter((name) => !recorded.includes(name)).length;
  onMigrations({ applied: recorded.length, pending });
  if (pending > 0) throw new Unfit('migrations pending');
};

const pingText = `
  SELECT current_setting('transaction_read_only') AS transaction_read_only,
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms`;

/** Checks with one statement that the server answers and that it accepts writes, and reads its clock. */
const ping = async (session: DatabaseSession, onTime: HealthMonitorOptions['onTime']): Promise<void> => {
  const sentAtMs = performance.now();
  const { rows } = await session.query(pingText, { timeoutMs: pingTimeoutMs });
  if (rows[0]?.transaction_read_only === 'on') throw new Unfit('the database is read-only');
  onTime(Number(rows[0]?.now_ms), sentAtMs, performance.now());
};

/** The check of one session: it pings, and counts the migrations at first and then at their own interval. */
const createCheck = (session: DatabaseSession, options: HealthMonitorOptions): (() => Promise<void>) => {
  const { onTime, migrationsEveryMs = migrationsEveryMsDefault } = options;
  let countedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    await ping(session, onTime);
    if (performance.now() - countedAt < migrationsEveryMs) return;
    await checkMigrations(session, options);
    countedAt = performance.now();
  };
};

/** CockroachDB runs SERIALIZABLE, without an error, where READ COMMITTED is switched off in the cluster. */
export const checkIsolation = async (
  session: Pick<DatabaseSession, 'query'>,
  { onOtherIsolation }: Pick<HealthMonitorOptions, 'onOtherIsolation'>,
): Promise<void> => {
  const { rows } = await session.query('SHOW transaction_isolation', { timeoutMs: pingTimeoutMs });
  const level = String(rows[0]?.transaction_isolation);
  if (level !== 'read committed') onOtherIsolation(level);
};

/** Counts the checks that are requested, so that a check that began earlier does not answer a later request. */
const createCheckRequests = () => {
  const waiting = new Set<() => void>();
  let requested = 0;
  let settledCount = 0;
  let isUsed = false;
  let wake: (() => void) | undefined;
  let wakeByUse: (() => void) | undefined;
  const wait = async (ms: number, expose: (resolve: () => void) => void): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    wake = resolve;
    expose(resolve);
    await promise;
    clearTimeout(timer);
  };
  const isSettled = (): boolean => settledCount >= requested;
  return {
    request: (): void => {
      requested += 1;
      wake?.();
    },
    count: (): number => requested,
    /** Settles the first `count` requests. */
    settle: (count: number): void => {
      settledCount = count;
      if (!isSettled()) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    settled: (): Promise<void> => (isSettled() ? Promise.resolve() : new Promise((resolve) => void waiting.add(resolve))),
    noteUse: (): void => {
      isUsed = true;
      wakeByUse?.();
    },
    /** Waits until a check is requested, or else at least `leastMs`, and on until the database has been used, `mostMs` at most. */
    pause: async (leastMs: number, mostMs: number): Promise<void> => {
      if (isSettled()) await wait(leastMs, () => undefined);
      if (isSettled() && !isUsed) await wait(mostMs - leastMs, (resolve) => (wakeByUse = resolve));
      wakeByUse = undefined;
      isUsed = false;
    },
  };
};

/** Runs `use` on a connection of its own, which is closed afterwards and as soon as `signal` aborts. */
const withHealthSession = async (
  { url, applicationName }: HealthMonitorOptions,
  { signal, onLost }: { readonly signal: AbortSignal; readonly onLost: () => void },
  use: (session: DatabaseSession) => Promise<void>,
): Promise<void> => {
  let isInUse = true;
  const session = await openSession({
    url,
    applicationName: `${applicationName}-health`,
    connectTimeoutMs: pingTimeoutMs,
    statementTimeoutMs: pingTimeoutMs,
    onLost: () => isInUse && onLost(),
  });
  const cut = (): void => session.destroy();
  signal.addEventListener('abort', cut, { once: true });
  try {
    await use(session);
  } finally {
    isInUse = false;
    signal.removeEventListener('abort', cut);
    cut();
  }
};

/**
 * The health check behind the circuit breaker of one database. It has its own connection, so that a busy pool is not taken
 * for a silent server, and pings twice a second while the database is used. After a failure it reconnects with exponential backoff, 0.1 to 1 second,
 * until it is stopped.
 */
export const startHealthMonitor = (options: HealthMonitorOptions): HealthMonitor => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const requests = createCheckRequests();
  let answeredBefore = 0;

  const watch = async (session: DatabaseSession, onFit: () => void): Promise<void> => {
    const check = createCheck(session, options);
    while (!signal.aborted) {
      const requested = requests.count();
      answeredBefore = options.answeredElsewhere();
      await retryContended(check);
      if (signal.aborted) return;
      await options.onHealthy();
      onFit();
      requests.settle(requested);
      await requests.pause(pingIntervalMs, idlePingIntervalMs);
    }
  };

  const loop = async (): Promise<void> => {
    let reconnectMs = reconnectMsFirst;
    while (!signal.aborted) {
      try {
        answeredBefore = options.answeredElsewhere();
        await withHealthSession(options, { signal, onLost: requests.request }, async (session) => {
          await checkIsolation(session, options);
          await watch(session, () => (reconnectMs = reconnectMsFirst));
        });
      } catch (error) {
        if (signal.aborted) return;
        const isLostAlone = !(error instanceof Unfit) && options.answeredElsewhere() > answeredBefore;
        if (!isLostAlone) {
          options.onUnhealthy(error instanceof Unfit ? error.message : detailOf(error));
          requests.settle(requests.count());
        }
        await delay(reconnectMs, undefined, { signal }).catch(() => undefined);
        reconnectMs = Math.min(reconnectMsMax, reconnectMs * 2);
      }
    }
  };

  void loop();
  return {
    checkNow: requests.request,
    noteUse: requests.noteUse,
    settled: requests.settled,
    stop: () => {
      stopping.abort();
      requests.request();
      requests.settle(requests.count());
    },
  };
};
