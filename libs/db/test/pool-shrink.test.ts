import { waitFor, type FreshDatabase } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../src/index.ts';
import { openReady, shopDatabase } from './fixtures.ts';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await shopDatabase();
});
afterAll(() => fresh.drop());

const sleepFor = (seconds: number) => sql.unsafe`SELECT pg_sleep(${seconds})`;

test('connections that a peak has opened are closed although a poll goes on, and opened anew for the next peak', async () => {
  const database = await openReady(fresh.url, { poolMax: 5, idleMs: 100 });
  const peak = async (): Promise<void> => {
    await Promise.all(Array.from({ length: 5 }, () => database.connection.any(sleepFor(0.3))));
  };
  let highest = 0;
  const watched = peak();
  await waitFor(() => (highest = Math.max(highest, database.poolUsage().open)) === 5, {
    what: 'a connection for each statement',
  });
  await watched;
  // Each poll takes the connection that has been free longest.
  await waitFor(
    async () => {
      await database.connection.any(sql.unsafe`SELECT 1`);
      return database.poolUsage().open === 1;
    },
    { what: 'the connections that nobody needs to be closed' },
  );
  await peak();
  expect(database.state().status).toBe('ready');
});

test('connections that are in use together again and again are kept', async () => {
  const database = await openReady(fresh.url, { poolMax: 3, idleMs: 200 });
  const together = (): Promise<unknown> => Promise.all(Array.from({ length: 3 }, () => database.connection.any(sleepFor(0.01))));
  await waitFor(async () => {
    await together();
    return database.poolUsage().open === 3;
  });
  const until = performance.now() + 1_000;
  const open = new Set<number>();
  while (performance.now() < until) {
    await together();
    open.add(database.poolUsage().open);
  }
  expect([...open]).toEqual([3]);
});
