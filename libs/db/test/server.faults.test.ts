import { mkdtempSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '@guildhall/errors';
import { removeEmbeddedPostgres, startEmbeddedPostgres, waitFor, type EmbeddedPostgres } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sql, type SharedDatabase } from '../src/index.ts';
import { execute, openReady, openShared, untilStatus } from './fixtures.ts';

const dataFolder = mkdtempSync(path.join(tmpdir(), 'guildhall-faults-'));
let server: EmbeddedPostgres;

const start = (port?: number) => startEmbeddedPostgres({ dataFolder, isDurable: false, ...(port === undefined ? {} : { port }) });

beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await removeEmbeddedPostgres(dataFolder);
});

const noticedWithinMs = 2_000;
const refusedWithinMs = 250;

const ask = (database: SharedDatabase) => database.connection.any(sql.unsafe`SELECT 1 AS one`);
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

const timed = async <T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> => {
  const startedAt = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAt };
};

/** Stands between a client and the server and can fall silent: it accepts, and nothing passes. */
const startBlackHole = async (port: number) => {
  const sockets = new Set<Socket>();
  let isSilent = false;
  let cutText = '';
  const hole: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('data', (bytes) => {
        if (isSilent) return;
        other.write(bytes);
        if (cutText !== '' && bytes.includes(cutText)) near.destroy();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.end();
      });
    }
  });
  await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    hole.close();
  });
  const address = hole.address();
  if (address === null || typeof address === 'string') throw new Error('The black hole has no port.');
  const url = new URL(server.url());
  url.port = String(address.port);
  return {
    url: url.href,
    connections: () => sockets.size / 2,
    fallSilent: () => (isSilent = true),
    speakAgain: () => (isSilent = false),
    cutAfter: (text: string) => (cutText = text),
  };
};

describe('a server that goes away', () => {
  test('is noticed at once, refused quickly, and used again when it is back', async () => {
    const database = await openReady(server.url());
    const underWay = codeOf(database.connection.any(sql.unsafe`SELECT pg_sleep(30)`));
    await waitFor(
      async () =>
        (await database.connection.any(sql.unsafe`SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'`)).length > 0,
    );
    const { port } = server;
    const stopping = server.stop();
    expect(await underWay).toBe('SHARED_DB_UNAVAILABLE');
    await untilStatus(database, 'unavailable', noticedWithinMs);
    await stopping;
    const refused = await timed(() => codeOf(ask(database)));
    expect(refused.result).toBe('SHARED_DB_UNAVAILABLE');
    expect(refused.ms).toBeLessThan(refusedWithinMs);
    server = await start(port);
    await untilStatus(database, 'ready', 5_000);
    expect(await codeOf(ask(database))).toBe('answered');
  });

  test('by kill -9 is noticed too, and no place in the pool is lost by it', async () => {
    const database = await openReady(server.url(), { poolMax: 2 });
    const underWay = [1, 2, 3, 4].map(() => codeOf(database.inTransaction((tx) => tx.query(sql.unsafe`SELECT pg_sleep(30)`))));
    await waitFor(async () => {
      const active = await openCount();
      return active >= 2;
    });
    const { port } = server;
    await server.kill();
    expect(await Promise.all(underWay)).toEqual(Array.from({ length: 4 }, () => 'SHARED_DB_UNAVAILABLE'));
    server = await start(port);
    await untilStatus(database, 'ready', 5_000);
    expect(await Promise.all([1, 2, 3, 4].map(() => codeOf(ask(database))))).toEqual(Array.from({ length: 4 }, () => 'answered'));
  });

  test('was never there: the state says so, and it is used when it comes', async () => {
    const { port } = server;
    await server.stop();
    const database = openShared(server.url());
    expect(database.state()).toEqual({ status: 'connecting' });
    await untilStatus(database, 'unavailable', noticedWithinMs);
    expect(database.state()).toEqual({ status: 'unavailable', detail: 'connection refused' });
    server = await start(port);
    await untilStatus(database, 'ready', 5_000);
  });
});

const openCount = async (): Promise<number> => {
  const watcher = await openReady(server.url());
  const rows = await watcher.connection.any(
    sql.unsafe`SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(30)%' AND query NOT LIKE '%pg_stat_activity%'`,
  );
  await watcher.close();
  return rows.length;
};

describe('a server that falls silent', () => {
  test('is noticed within two seconds: what is under way fails, what comes is refused at once, and it is used again', async () => {
    const hole = await startBlackHole(server.port);
    const database = await openReady(hole.url);
    expect(await codeOf(ask(database))).toBe('answered');
    hole.fallSilent();
    const underWay = await timed(() => codeOf(ask(database)));
    expect(underWay.result).toBe('SHARED_DB_UNAVAILABLE');
    expect(underWay.ms).toBeLessThan(noticedWithinMs + refusedWithinMs);
    expect(database.state().status).toBe('unavailable');
    const refused = await timed(() => codeOf(ask(database)));
    expect(refused.result).toBe('SHARED_DB_UNAVAILABLE');
    expect(refused.ms).toBeLessThan(refusedWithinMs);
    hole.speakAgain();
    await untilStatus(database, 'ready', 5_000);
    expect(await codeOf(ask(database))).toBe('answered');
    await database.close();
    await waitFor(() => hole.connections() === 0, { what: 'every connection to be closed' });
  });

  test('from the start is unavailable, and closing does not wait for it', async () => {
    const hole = await startBlackHole(server.port);
    hole.fallSilent();
    const database = openShared(hole.url);
    await untilStatus(database, 'unavailable', noticedWithinMs);
    const closed = await timed(() => database.close());
    expect(closed.ms).toBeLessThan(1_000);
  });
});

test('a server that has become read-only is unavailable until it takes changes again', async () => {
  const database = await openReady(server.url());
  await execute(server.url(), 'ALTER SYSTEM SET default_transaction_read_only = on');
  await execute(server.url(), 'SELECT pg_reload_conf()');
  // Whoever uses it has it looked at.
  const isNoticed = async (): Promise<boolean> => (await codeOf(ask(database))) === 'SHARED_DB_UNAVAILABLE';
  await waitFor(isNoticed, { timeoutMs: 3_000, what: 'the database to be unavailable' });
  expect(database.state()).toEqual({ status: 'unavailable', detail: 'the database is read-only' });
  await execute(
    server.url(),
    'SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only'.split(';')[1] ?? '',
  );
  await execute(server.url(), 'SELECT pg_reload_conf()');
  await untilStatus(database, 'ready', 5_000);
});

test('a connection that is lost while it commits leaves the outcome unknown: it is said, and nothing is run again', async () => {
  await execute(server.url(), 'CREATE TABLE IF NOT EXISTS public.marks (n int8)');
  const hole = await startBlackHole(server.port);
  const database = await openReady(hole.url);
  hole.cutAfter('COMMIT\u0000');
  let runs = 0;
  const losing = database.inTransaction(async (tx) => {
    runs += 1;
    await tx.query(sql.unsafe`INSERT INTO public.marks VALUES (1)`);
  });
  await expect(losing).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 1 });
  expect(runs).toBe(1);
  const direct = await openReady(server.url());
  await waitFor(async () => (await direct.connection.any(sql.unsafe`SELECT n FROM public.marks`)).length === 1, {
    what: 'the change, which was made after all',
  });
});

test('a server that answers the monitor and lets nobody else in is unavailable until it does', async () => {
  await execute(server.url(), "CREATE ROLE crowded LOGIN PASSWORD 'crowded' CONNECTION LIMIT 1");
  const url = new URL(server.url());
  [url.username, url.password] = ['crowded', 'crowded'];
  const changes: string[] = [];
  const database = openShared(url.href);
  database.onChange(({ status }) => changes.push(status));
  await untilStatus(database, 'unavailable', noticedWithinMs);
  expect(database.state()).toEqual({ status: 'unavailable', detail: 'too many connections' });
  const refused = await timed(() => codeOf(ask(database)));
  expect([refused.result, refused.ms < refusedWithinMs]).toEqual(['SHARED_DB_UNAVAILABLE', true]);
  await execute(server.url(), 'ALTER ROLE crowded CONNECTION LIMIT -1');
  await untilStatus(database, 'ready', 5_000);
  expect(await codeOf(ask(database))).toBe('answered');
  expect(changes).toEqual(['unavailable', 'ready']);
});
