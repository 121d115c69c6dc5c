import { freshDatabase, startTcpProxy } from '@guildhall/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { openClient, withClient } from '../src/connection.ts';
import { withLease } from '../src/hold-lease.ts';
import { readLease } from '../src/lease.ts';

test('a lease is released though the session that held it went silent', async () => {
  const database = await freshDatabase({ services: [] });
  const { hostname: host, port } = new URL(database.url);
  const proxy = await startTcpProxy({ target: { host, port: Number(port) } });
  onTestFinished(async () => {
    await proxy.close();
    await database.drop();
  });
  const holder = await openClient(proxy.url(database.url));
  const work = withLease(database.url, holder, 'library', async () => proxy.mode('black-hole'));
  await expect(work).resolves.toBeUndefined();
  expect(await withClient(database.url, (client) => readLease(client, 'library'))).toMatchObject({ holder: null });
});
