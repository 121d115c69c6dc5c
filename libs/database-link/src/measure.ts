import type { OutboxDepth, SharedDatabase } from '@guildhall/db';
import type { Metrics } from '@guildhall/http';
import { Gauge } from 'prom-client';

/** Gauges of the connection pool at /metrics, read when they are scraped. All are 0 while there is no pool. */
export const measurePool = ({ registry }: Metrics, { poolUsage }: Pick<SharedDatabase, 'poolUsage'>): void => {
  const registers = [registry];
  const connections = new Gauge({
    name: 'guildhall_pool_connections',
    help: 'Connections to the shared database: open ones, and those in use.',
    labelNames: ['state'] as const,
    registers,
    collect(): void {
      const { open, inUse } = poolUsage();
      connections.set({ state: 'open' }, open);
      connections.set({ state: 'in_use' }, inUse);
    },
  });
  const waiting: Gauge = new Gauge({
    name: 'guildhall_pool_waiting',
    help: 'Requests that wait for a connection to the shared database.',
    registers,
    collect: () => waiting.set(poolUsage().waiting),
  });
};

/** The number of unfinished jobs of a kind of event; null while its queue does not say it. */
export interface KindDepth {
  readonly kind: string;
  readonly jobs: number | null;
}

/** A gauge of the queues at /metrics, asked for when they are scraped: NaN while a queue does not answer, none while none is configured. */
export const measureQueue = ({ registry }: Metrics, depths: () => Promise<readonly KindDepth[]>): void => {
  const waiting: Gauge<'kind'> = new Gauge({
    name: 'guildhall_queue_waiting_jobs',
    help: 'Jobs of a kind of event, each of at most a hundred events, that its consumer has not finished.',
    labelNames: ['kind'] as const,
    registers: [registry],
    collect: async () => {
      for (const { kind, jobs } of await depths()) waiting.set({ kind }, jobs ?? Number.NaN);
    },
  });
};

const unknown: OutboxDepth = { waiting: Number.NaN, oldestWaitingSeconds: Number.NaN };

/** Gauges of the outbox at /metrics, read by one statement when they are scraped. NaN while the database is away. */
export const measureOutbox = ({ registry }: Metrics, depth: () => Promise<OutboxDepth>): void => {
  const registers = [registry];
  let reading: Promise<OutboxDepth> | null = null;
  /** One statement for all that is read at the same time. Why the database is away is said at /readyz: a scraper still gets the rest. */
  const read = (): Promise<OutboxDepth> =>
    (reading ??= depth()
      .catch(() => unknown)
      .finally(() => (reading = null)));
  const waiting: Gauge = new Gauge({
    name: 'guildhall_outbox_waiting_events',
    help: 'Events in the outbox that are not published.',
    registers,
    collect: async () => waiting.set((await read()).waiting),
  });
  const oldest: Gauge = new Gauge({
    name: 'guildhall_outbox_oldest_seconds',
    help: 'The age of the oldest event in the outbox that is not published, in seconds; 0 if there is none.',
    registers,
    collect: async () => oldest.set((await read()).oldestWaitingSeconds),
  });
};
