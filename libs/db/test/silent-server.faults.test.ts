import { freshDatabase, startTcpProxy, waitFor, type FreshDatabase, type TcpProxy } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReady, openShared, untilStatus } from './fixtures.ts';

let fresh: FreshDatabase;
let hole: TcpProxy;

beforeEach(async () => {
  fresh = await freshDatabase({ services: [] });
  const { hostname, port } = new URL(fresh.url);
  hole = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
});
afterEach(async () => {
  await hole.close();
  await fresh.drop();
});

/** How many connections there were at most while `pings` pings came and went. */
const mostWhile = async (pings: number): Promise<number> => {
  let most = 0;
  let before = 0;
  let ended = 0;
  await waitFor(
    () => {
      const now = hole.connections();
      most = Math.max(most, now);
      if (now < before) ended += 1;
      before = now;
      return ended >= pings;
    },
    { timeoutMs: 20_000, intervalMs: 5, what: `${pings} pings to end` },
  );
  return most;
};

test('a silent server has one ping at a time, and each closes its connection when its time is over', async () => {
  const database = await openReady(hole.url(fresh.url));
  await hole.mode('black-hole');
  await untilStatus(database, 'unavailable');
  await waitFor(() => hole.connections() <= 1, { what: 'the connection for requests to be closed' });
  expect(await mostWhile(3)).toBe(1);
  await database.close();
  await waitFor(() => hole.connections() === 0, { what: 'the last one to be closed' });
});

test('so has one that was silent from the start', async () => {
  await hole.mode('black-hole');
  const database = openShared(hole.url(fresh.url));
  expect(database.state()).toEqual({ status: 'connecting' });
  expect(await mostWhile(2)).toBe(1);
  expect(database.state()).toEqual({ status: 'unavailable', detail: 'no connection' });
  await hole.mode('pass');
  await untilStatus(database, 'ready');
  await database.close();
  await waitFor(() => hole.connections() === 0, { what: 'the last one to be closed' });
});
