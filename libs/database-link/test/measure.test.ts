import { createOutboxStore, createSharedDatabase, sql } from '@guildhall/db';
import { createMetrics } from '@guildhall/http';
import { freshDatabase, waitFor } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { measureOutbox } from '../src/index.ts';
import { measurePool, measureQueue } from '../src/measure.ts';

const schema = 'auth';
const log = { info: () => undefined, warn: () => undefined };

/** The samples of this product in a text for Prometheus, by name and state. */
const samplesIn = (text: string): Readonly<Record<string, number>> => {
  const samples = text.matchAll(/^(guildhall_\w+)\{(?:state="(\w+)",)?service="auth"\} (\S+)$/gm);
  return Object.fromEntries(
    [...samples].map(([, name = '', state, value]) => [state === undefined ? name : `${name} ${state}`, Number(value)]),
  );
};

test('the pool and the outbox are told of at each scrape, and nothing of them while the database is away', async () => {
  const fresh = await freshDatabase({ services: [schema] });
  const metrics = createMetrics('auth');
  const database = createSharedDatabase({
    url: fresh.url,
    schema,
    applicationName: 'measure-test',
    migrationsExpected: 0,
    poolMax: 2,
    log,
  });
  try {
    const outbox = createOutboxStore(database.connection, schema);
    measurePool(metrics, database);
    measureOutbox(metrics, outbox.depth);
    const scraped = async () => samplesIn(await metrics.registry.metrics());
    await waitFor(() => database.state().status === 'ready');
    await database.connection.query(sql.unsafe`
      INSERT INTO auth.outbox_events (id, kind, occurred_at, payload, shard, created_at)
      VALUES (gen_random_uuid(), 'audit', now(), '{}', 0, now() - interval '90 seconds')`);
    const idle = await scraped();
    expect(idle).toMatchObject({
      'guildhall_pool_connections in_use': 0,
      guildhall_pool_waiting: 0,
      guildhall_outbox_waiting_events: 1,
    });
    expect(idle['guildhall_outbox_oldest_seconds']).toBeGreaterThanOrEqual(90);

    const over = Promise.withResolvers<undefined>();
    const holding = [1, 2, 3].map(() => database.inTransaction(async () => over.promise));
    await waitFor(() => database.poolUsage().waiting === 1 && database.poolUsage().inUse === 2);
    // The outbox waits for a connection, too.
    const pool = createMetrics('auth');
    measurePool(pool, database);
    expect(samplesIn(await pool.registry.metrics())).toEqual({
      'guildhall_pool_connections open': 2,
      'guildhall_pool_connections in_use': 2,
      guildhall_pool_waiting: 1,
    });
    over.resolve(undefined);
    await Promise.all(holding);

    database.moveTo(null);
    expect(await scraped()).toEqual({
      'guildhall_pool_connections open': 0,
      'guildhall_pool_connections in_use': 0,
      guildhall_pool_waiting: 0,
      guildhall_outbox_waiting_events: Number.NaN,
      guildhall_outbox_oldest_seconds: Number.NaN,
    });
  } finally {
    await database.close();
    await fresh.drop();
  }
});

test('the queue is told of by its kinds, and nothing of it while it does not answer', async () => {
  const metrics = createMetrics('auth');
  measureQueue(metrics, async () => [
    { kind: 'audit', jobs: 7 },
    { kind: 'user-changed', jobs: null },
  ]);
  const text = await metrics.registry.getSingleMetricAsString('guildhall_queue_waiting_jobs');
  expect([...text.matchAll(/kind="([^"]+)".* (\S+)$/gm)].map(([, kind, jobs]) => [kind, jobs])).toEqual([
    ['audit', '7'],
    ['user-changed', 'Nan'],
  ]);
});
