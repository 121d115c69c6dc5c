import { waitFor, type FreshDatabase } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { sql } from '../src/index.ts';
import { startPoolShrink } from '../src/pool-shrink.ts';
import { openReady, shopDatabase } from './fixtures.ts';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await shopDatabase();
});
afterAll(() => fresh.drop());

test('connections that a peak has opened are closed although a poll goes on, and opened anew for the next peak', async () => {
  const database = await openReady(fresh.url, { poolMax: 5, idleMs: 100 });
  const open = (): number => database.poolUsage().open;
  const peak = async (): Promise<void> => {
    const all = Promise.withResolvers<void>();
    const held = Array.from({ length: 5 }, () => database.inTransaction(() => all.promise));
    await waitFor(() => open() === 5, { what: 'a connection for each transaction' });
    all.resolve();
    await Promise.all(held);
  };
  await peak();
  // Each poll takes the connection that has been free longest.
  const poll = async (): Promise<boolean> => {
    await database.connection.any(sql.unsafe`SELECT 1`);
    return open() === 1;
  };
  await waitFor(poll, { what: 'the connections that nobody needs to be closed' });
  await peak();
  expect(database.state().status).toBe('ready');
});

test('connections that were in use together in one of the last two halves of the time are kept, and one always', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const peaks = [5, 2, 3, 1, 1, 0, 0];
  let size = 5;
  const stop = startPoolShrink({
    size: () => size,
    peak: () => peaks.shift() ?? 0,
    closeOne: async () => void (size -= 1),
    idleMs: 200,
  });
  const sizes: number[] = [];
  while (peaks.length > 0) {
    await vi.advanceTimersByTimeAsync(100);
    sizes.push(size);
  }
  expect(sizes).toEqual([5, 5, 3, 3, 1, 1, 1]);
  stop();
  size = 5;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(size).toBe(5);
});
