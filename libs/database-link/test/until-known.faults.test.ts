import path from 'node:path';
import { createLog, createMetrics } from '@guildhall/http';
import { freshDatabase, startTcpProxy, waitFor, type FreshDatabase, type TcpProxy } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabaseLink, type DatabaseLink } from '../src/index.ts';

/** The wait of a service for its database before it listens. */

let fresh: FreshDatabase;
let proxy: TcpProxy;
let link: DatabaseLink | undefined;

beforeEach(async () => {
  fresh = await freshDatabase({ services: ['audit'] });
  const { hostname, port } = new URL(fresh.url);
  proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
});
afterEach(async () => {
  await link?.close();
  await proxy.close();
  await fresh.drop();
});

const openLink = (databaseUrl: string): DatabaseLink =>
  (link = createDatabaseLink({
    schema: 'audit',
    migrationsFolder: path.resolve(import.meta.dirname, '../../../services/audit/migrations'),
    applicationName: 'until-known-test',
    databaseUrl,
    queueUrl: null,
    metrics: createMetrics('until-known-test'),
    log: createLog({ service: 'until-known-test', level: 'silent' }),
  }));

test('a database that does not answer the first attempts is waited for, and is ready then', async () => {
  await proxy.mode('black-hole');
  const { untilKnown, state } = openLink(proxy.url(fresh.url));
  const known = untilKnown().then(() => state().status);
  await waitFor(() => state().status === 'unavailable', { what: 'the first attempt to end' });
  expect(state().detail).toBe('no connection');
  await proxy.mode('pass');
  expect(await known).toBe('ready');
});

test('one that never answers is not waited for without end', async () => {
  await proxy.mode('black-hole');
  const { untilKnown, isReady } = openLink(proxy.url(fresh.url));
  await untilKnown();
  expect(isReady()).toBe(false);
});

test.each([
  ['refuses the connection', 'connection refused', (url: URL) => void (url.port = '1')],
  ['refuses the name of the database', 'the database does not exist', (url: URL) => void (url.pathname = '/guildhall_nowhere')],
])('one that %s is known to be away at its first answer', async (_title, detail, change) => {
  const url = new URL(fresh.url);
  change(url);
  const { untilKnown, state } = openLink(url.href);
  await untilKnown();
  expect(state()).toMatchObject({ status: 'unavailable', detail });
});
