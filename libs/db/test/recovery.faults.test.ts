import { AppError } from '@guildhall/errors';
import { freshDatabase, startTcpProxy, waitFor, type FreshDatabase, type TcpProxy } from '@guildhall/testkit';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql, type SharedDatabase } from '../src/index.ts';
import { execute, openReady, openShared, untilStatus } from './fixtures.ts';

/** The meaning of "available again": every request admitted from then on is answered, unless something new fails. */
let fresh: FreshDatabase;
let proxy: TcpProxy;

beforeEach(async () => {
  fresh = await freshDatabase({ services: [] });
  const { hostname, port } = new URL(fresh.url);
  proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
});
afterEach(async () => {
  await proxy.close();
  await fresh.drop();
});

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );
const ask = (database: SharedDatabase) => codeOf(database.connection.any(sql.unsafe`SELECT 1 AS one`));
const askMany = (database: SharedDatabase, count: number) =>
  Promise.all(
    Array.from({ length: count }, () => codeOf(database.inTransaction((tx) => tx.any(sql.unsafe`SELECT pg_sleep(0.01)`)))),
  );
const answered = (count: number) => Array.from({ length: count }, () => 'answered');

/** One connection for the monitor and one for requests: as it is when the database has just come back. */
const justReady = 2;

test('ready is said when a connection for requests is open, and not before', async () => {
  await openReady(proxy.url(fresh.url));
  expect(proxy.connections()).toBe(justReady);
});

test('a connection that cannot be opened fails nobody while another one answers', async () => {
  const database = await openReady(proxy.url(fresh.url), { connectTimeoutMs: 200 });
  const changes: string[] = [];
  database.onChange(({ status }) => changes.push(status));
  proxy.modeOfNew('black-hole');
  expect(await askMany(database, 40)).toEqual(answered(40));
  proxy.modeOfNew('cut-mid-answer');
  expect(await askMany(database, 40)).toEqual(answered(40));
  expect(changes).toEqual([]);
});

test('the pool grows again as soon as connections can be opened', async () => {
  const database = await openReady(proxy.url(fresh.url), { connectTimeoutMs: 200, poolMax: 4 });
  proxy.modeOfNew('cut-mid-answer');
  expect(await askMany(database, 20)).toEqual(answered(20));
  proxy.modeOfNew('pass');
  await waitFor(async () => {
    await askMany(database, 20);
    return proxy.connections() === 1 + 4;
  });
});

test('a server that lets the monitor in and nobody else is never said to be ready', async () => {
  const database = openShared(proxy.url(fresh.url), { connectTimeoutMs: 200 });
  const seen: string[] = [];
  database.onChange(({ status }) => seen.push(status));
  await waitFor(() => proxy.connections() > 0, { intervalMs: 1 });
  proxy.modeOfNew('black-hole');
  await untilStatus(database, 'unavailable');
  proxy.modeOfNew('pass');
  await untilStatus(database, 'ready');
  expect(seen).toEqual(['unavailable', 'ready']);
});

test('what failed is looked into before ready is said again', async () => {
  const database = await openReady(proxy.url(fresh.url));
  await proxy.mode('cut-mid-answer');
  expect(await ask(database)).toBe('SHARED_DB_UNAVAILABLE');
  expect(await database.settledState()).toMatchObject({ status: 'unavailable' });
  await proxy.mode('pass');
  await waitFor(async () => (await database.settledState()).status === 'ready');
  expect(await askMany(database, 40)).toEqual(answered(40));
});

test('a failure whose check takes long counts as not ready meanwhile', async () => {
  const database = await openReady(proxy.url(fresh.url));
  await proxy.mode('cut-mid-answer');
  const refused = ask(database);
  await waitFor(() => proxy.connections() < justReady, { intervalMs: 1 });
  await proxy.mode('black-hole');
  expect(await refused).toBe('SHARED_DB_UNAVAILABLE');
  expect(await database.settledState()).toMatchObject({ status: 'unavailable' });
});

test('after an outage no connection from before it is used', async () => {
  const database = await openReady(proxy.url(fresh.url), { poolMax: 4 });
  await askMany(database, 20);
  await proxy.mode('cut-mid-answer');
  await ask(database);
  await untilStatus(database, 'unavailable');
  await waitFor(() => proxy.connections() === 0);
  await proxy.mode('pass');
  await untilStatus(database, 'ready');
  expect(proxy.connections()).toBe(justReady);
  expect(await askMany(database, 40)).toEqual(answered(40));
});

test('a check that gets no answer in time is no outage while requests are answered', async () => {
  await execute(
    fresh.url,
    "CREATE SCHEMA shop; CREATE TABLE shop.schema_migrations (name text); INSERT INTO shop.schema_migrations VALUES ('0001_a')",
  );
  const database = await openReady(proxy.url(fresh.url), { migrationsExpected: ['0001_a'], migrationsEveryMs: 0 });
  const changes: string[] = [];
  database.onChange(({ status }) => changes.push(status));
  const other = new Client({ connectionString: fresh.url });
  await other.connect();
  await other.query('BEGIN; LOCK TABLE shop.schema_migrations IN ACCESS EXCLUSIVE MODE');
  const until = performance.now() + 2_500;
  while (performance.now() < until) expect(await ask(database)).toBe('answered');
  await other.end();
  expect(changes).toEqual([]);
});
