import { setTimeout as delay } from 'node:timers/promises';
import { detailOf, sqlStateOf } from './database-errors.ts';
import { openSession, type Session } from './session.ts';

export interface HealthMonitorOptions {
  readonly url: string;
  readonly applicationName: string;
  /** The schema whose migrations are looked at. */
  readonly schema: string;
  /** The migrations that must have been applied: their names, or how many. */
  readonly migrationsExpected: readonly string[] | number;
  /** Told at each look that could read them. */
  readonly onMigrations: (count: MigrationCount) => void;
  /** Awaited before the next look. */
  readonly onHealthy: () => Promise<void>;
  readonly onUnhealthy: (detail: string) => void;
  /** How many statements the server has answered on other connections: a server that answers there is not silent. */
  readonly answeredElsewhere: () => number;
}

export interface MigrationCount {
  readonly applied: number;
  readonly pending: number;
}

export interface HealthMonitor {
  /** Looks now instead of at the next interval, and once more when a look is under way. */
  checkNow(): void;
  /** Resolves when every look that was asked for has come to its end. */
  settled(): Promise<void>;
  stop(): void;
}

/**
 * Interval and time-out together stay below the two seconds within which a silent server must be noticed. The interval is
 * the smaller part: a machine that everybody comes back to at once stands still for the better part of a second.
 */
const pingIntervalMs = 500;
const pingTimeoutMs = 1_300;
const reconnectMsFirst = 100;
const reconnectMsMax = 1_000;
const undefinedSchemaOrTable = ['3F000', '42P01'];

/** The server answers, and still cannot be worked with. */
class Unfit extends Error {}

const readRecorded = async (session: Session, schema: string): Promise<readonly string[]> => {
  const text = `SELECT name FROM "${schema}".schema_migrations ORDER BY name`;
  try {
    const { rows } = await session.query(text, { timeoutMs: pingTimeoutMs });
    return rows.map(({ name }: { name: string }) => name);
  } catch (error) {
    if (undefinedSchemaOrTable.includes(sqlStateOf(error) ?? '')) return [];
    throw error;
  }
};

const checkMigrations = async (session: Session, options: HealthMonitorOptions): Promise<void> => {
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

/** One statement decides both: does it answer, and does it take changes? */
const ping = async (session: Session): Promise<void> => {
  const { rows } = await session.query('SHOW transaction_read_only', { timeoutMs: pingTimeoutMs });
  if (rows[0]?.transaction_read_only === 'on') throw new Unfit('the database is read-only');
};

/** Counts the checks that are asked for, so that none is lost on one that began before it. */
const createCheckRequests = () => {
  const waiting = new Set<() => void>();
  let asked = 0;
  let answered = 0;
  let wake: (() => void) | undefined;
  const isSettled = (): boolean => answered >= asked;
  return {
    ask: (): void => {
      asked += 1;
      wake?.();
    },
    count: (): number => asked,
    /** The first `count` requests have their answer. */
    answer: (count: number): void => {
      answered = count;
      if (!isSettled()) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
    settled: (): Promise<void> => (isSettled() ? Promise.resolve() : new Promise((resolve) => void waiting.add(resolve))),
    /** Waits until a check is asked for, and `ms` at most. */
    pause: async (ms: number): Promise<void> => {
      if (!isSettled()) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      wake = resolve;
      await promise;
      clearTimeout(timer);
    },
  };
};

/**
 * Watches one database on a connection of its own, so that a busy pool is not mistaken for a silent server. Pings twice
 * a second; after a failure it connects anew with growing pauses of at most a second, for ever.
 */
export const startHealthMonitor = (options: HealthMonitorOptions): HealthMonitor => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const requests = createCheckRequests();
  let answeredBefore = 0;

  const watch = async (session: Session, onFit: () => void): Promise<void> => {
    while (!signal.aborted) {
      const asked = requests.count();
      answeredBefore = options.answeredElsewhere();
      await ping(session);
      await checkMigrations(session, options);
      if (signal.aborted) return;
      await options.onHealthy();
      onFit();
      requests.answer(asked);
      await requests.pause(pingIntervalMs);
    }
  };

  const connectAndWatch = async (onFit: () => void): Promise<void> => {
    let isWatching = true;
    answeredBefore = options.answeredElsewhere();
    const session = await openSession({
      url: options.url,
      applicationName: `${options.applicationName}-health`,
      connectTimeoutMs: pingTimeoutMs,
      statementTimeoutMs: pingTimeoutMs,
      onLost: () => isWatching && requests.ask(),
    });
    const cut = (): void => session.destroy();
    signal.addEventListener('abort', cut, { once: true });
    try {
      await watch(session, onFit);
    } finally {
      isWatching = false;
      signal.removeEventListener('abort', cut);
      cut();
    }
  };

  const loop = async (): Promise<void> => {
    let reconnectMs = reconnectMsFirst;
    while (!signal.aborted) {
      try {
        await connectAndWatch(() => (reconnectMs = reconnectMsFirst));
      } catch (error) {
        if (signal.aborted) return;
        const isLostAlone = !(error instanceof Unfit) && options.answeredElsewhere() > answeredBefore;
        if (!isLostAlone) {
          options.onUnhealthy(error instanceof Unfit ? error.message : detailOf(error));
          requests.answer(requests.count());
        }
        await delay(reconnectMs, undefined, { signal }).catch(() => undefined);
        reconnectMs = Math.min(reconnectMsMax, reconnectMs * 2);
      }
    }
  };

  void loop();
  return {
    checkNow: requests.ask,
    settled: requests.settled,
    stop: () => {
      stopping.abort();
      requests.ask();
      requests.answer(requests.count());
    },
  };
};
