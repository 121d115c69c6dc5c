import { AppError } from '@guildhall/errors';
import { countStatements, serverEngine, testServerUrl, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { uncheckedRow, RowMismatch, sql, translateConstraints, type SharedDatabase } from '../src/index.ts';
import { execute, openReady, openShared, openUnclosed, shopDatabase, untilStatus } from './fixtures.ts';

const isPostgres = (await serverEngine()).name === 'PostgreSQL';
/** The level at which sessions of the server run that ask for READ COMMITTED (tests/isolation.ts). */
const isolation = process.env['TEST_ISOLATION'] ?? 'read committed';

let fresh: FreshDatabase;
let database: SharedDatabase;

beforeAll(async () => {
  fresh = await shopDatabase();
  database = openUnclosed(fresh.url);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(async () => {
  await untilStatus(database, 'ready');
  await database.connection.query(sql.unsafe`DELETE FROM shop.goods`);
});

const Good = uncheckedRow({ label: Type.String(), amount: Type.Integer() });
const BackendId = uncheckedRow({ backendId: Type.Integer() });
const goods = () => database.connection.any(sql.type(Good)`SELECT label, amount FROM shop.goods ORDER BY label`);
const insert = (label: string, amount = 0) => sql.unsafe`INSERT INTO shop.goods (label, amount) VALUES (${label}, ${amount})`;
const raise = (label: string) => sql.unsafe`UPDATE shop.goods SET amount = amount + 1 WHERE label = ${label}`;
const sleepFor = (seconds: number) => sql.unsafe`SELECT pg_sleep(${seconds})`;
/** Opens the database to further connections or closes it; those that are open stay. */
const allowConnections = (isAllowed: boolean): Promise<void> =>
  execute(testServerUrl(), `ALTER DATABASE "${new URL(fresh.url).pathname.slice(1)}" ALLOW_CONNECTIONS ${String(isAllowed)}`);

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('a shared database', () => {
  test('that is not set up is a normal state, and every use says so', async () => {
    const none = openShared(null);
    expect(none.state()).toEqual({ status: 'not_configured' });
    expect(await codeOf(none.connection.any(sql.unsafe`SELECT 1`))).toBe('NOT_CONFIGURED');
    expect(await codeOf(none.inTransaction(async () => undefined))).toBe('NOT_CONFIGURED');
  });

  test('whose migrations are pending is unavailable until they are applied', async () => {
    const behind = openShared(fresh.url, { migrationsExpected: ['0001_create_goods'] });
    await untilStatus(behind, 'unavailable');
    expect(behind.state()).toEqual({ status: 'unavailable', detail: 'migrations pending' });
    expect(await codeOf(behind.connection.any(sql.unsafe`SELECT 1`))).toBe('SHARED_DB_UNAVAILABLE');
    await execute(
      fresh.url,
      "CREATE TABLE shop.schema_migrations (name text); INSERT INTO shop.schema_migrations VALUES ('0001_create_goods')",
    );
    await untilStatus(behind, 'ready');
    await execute(fresh.url, 'DROP TABLE shop.schema_migrations');
  });

  test('warns of a start that does not get hold of it, once, and of its loss; a healthy start and a close warn of nothing', async () => {
    const lines: string[] = [];
    const line = (level: string) => (_: object, text: string) => void lines.push(`${level} ${text}`);
    const log = { info: line('info'), warn: line('warn') };
    const wrong = new URL(fresh.url);
    wrong.password = 'wrong';
    const moved = openShared(wrong.href, { log });
    await waitFor(() => lines.length === 2);
    expect(lines.splice(0)).toEqual(['info Shared database: unavailable', 'warn Shared database: unavailable']);
    moved.moveTo(fresh.url);
    await untilStatus(moved, 'ready');
    await moved.close();
    const warning = expect.stringMatching(/^warn Transactions do not run at READ COMMITTED/);
    const warned = isolation === 'read committed' ? [] : [warning];
    const [connecting, ready, unavailable] = ['connecting', 'ready', 'unavailable'].map((one) => `info Shared database: ${one}`);
    expect(lines).toEqual([connecting, ...warned, ready, unavailable]);
  });

  test('that refuses the password is unavailable, and the state tells nothing of the address', async () => {
    const wrong = new URL(fresh.url);
    wrong.password = 'wrong';
    const refused = openShared(wrong.href);
    await untilStatus(refused, 'unavailable');
    expect(refused.state()).toEqual({ status: 'unavailable', detail: 'access denied' });
  });

  test.runIf(isPostgres)('that takes no further connections fails each request as an outage', async () => {
    const closing = await openReady(fresh.url, { applicationName: 'refused' });
    await allowConnections(false);
    onTestFinished(() => allowConnections(true));
    await database.connection.query(sql.unsafe`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'refused'`);
    const answers = await Promise.all(Array.from({ length: 8 }, () => codeOf(closing.connection.any(sql.unsafe`SELECT 1`))));
    expect(answers).toEqual(Array.from({ length: 8 }, () => 'SHARED_DB_UNAVAILABLE'));
    expect(await codeOf(closing.inTransaction(async () => undefined))).toBe('SHARED_DB_UNAVAILABLE');
  });

  test('tells its listeners of each change of state', async () => {
    const seen: string[] = [];
    const watched = openShared(fresh.url);
    watched.onChange(({ status }) => seen.push(status));
    await untilStatus(watched, 'ready');
    await watched.close();
    expect(seen).toEqual(['ready', 'unavailable']);
  });
});

describe('rows', () => {
  test('are checked, renamed and typed: int8 as number, timestamptz as ISO 8601 with milliseconds, null left out where optional', async () => {
    const Values = uncheckedRow({
      bigNumber: Type.Integer(),
      manyNumbers: Type.Array(Type.Union([Type.Integer(), Type.Null()])),
      happenedAt: Type.String(),
      wholeSecondAt: Type.String(),
      wasNever: Type.Union([Type.String(), Type.Null()]),
      isMissing: Type.Optional(Type.String()),
      settings: Type.Object({ a: Type.Integer() }),
      onDay: Type.String(),
    });
    const found = await database.connection.one(sql.type(Values)`
      SELECT 9007199254740991::int8 AS big_number, ARRAY[1, NULL]::int8[] AS many_numbers,
             '2026-01-31T10:30:00.123456+02:00'::timestamptz AS happened_at, '2026-01-31T10:30:00Z'::timestamptz AS whole_second_at,
             NULL::text AS was_never, NULL::text AS is_missing, '{"a": 1}'::jsonb AS settings, '2026-01-31'::date AS on_day`);
    expect(found).toEqual({
      bigNumber: 9_007_199_254_740_991,
      manyNumbers: [1, null],
      happenedAt: '2026-01-31T08:30:00.123Z',
      wholeSecondAt: '2026-01-31T10:30:00.000Z',
      wasNever: null,
      settings: { a: 1 },
      onDay: '2026-01-31',
    });
  });

  test('an int8 that a number cannot hold is an error, not another number', async () => {
    await expect(database.connection.any(sql.unsafe`SELECT 9007199254740993::int8 AS n`)).rejects.toThrow('too large');
  });

  test('that are not as their schema says are refused without their values', async () => {
    const wrongType = database.connection.any(sql.type(Good)`SELECT 'secret' AS label, 'secret' AS amount`);
    await expect(wrongType).rejects.toThrow(RowMismatch);
    await expect(wrongType).rejects.toThrow('/amount must be integer');
    const unknownColumn = database.connection.any(sql.type(Good)`SELECT 'secret' AS label, 1::int8 AS amount, 2 AS price`);
    await expect(unknownColumn).rejects.toThrow('The schema does not name the column price.');
  });

  test('maybeOne answers null for none, and one and maybeOne refuse more than one', async () => {
    expect(await database.connection.maybeOne(sql.type(Good)`SELECT label, amount FROM shop.goods`)).toBeNull();
    await expect(database.connection.one(sql.type(Good)`SELECT label, amount FROM shop.goods`)).rejects.toThrow('returned none');
    await database.connection.query(insert('apple'));
    await database.connection.query(insert('pear'));
    await expect(database.connection.maybeOne(sql.type(Good)`SELECT label, amount FROM shop.goods`)).rejects.toThrow(
      'returned more',
    );
  });
});

describe('a refused row', () => {
  const translated = translateConstraints({
    uq_goods_label: (cause) => new AppError('CONFLICT', 'There is one with this label.', { cause }),
  });

  test('is translated by the name of its constraint, and only by that', async () => {
    await translated(database.connection.query(insert('apple')));
    expect(await codeOf(translated(database.connection.query(insert('apple'))))).toBe('CONFLICT');
    await expect(translated(database.connection.query(insert('pear', -1)))).rejects.toMatchObject({
      constraint: 'ck_goods_amount',
    });
  });

  test.runIf(isPostgres)('does not cost a connection', async () => {
    const small = await openReady(fresh.url, { poolMax: 1 });
    const backend = () => small.connection.one(sql.type(BackendId)`SELECT pg_backend_pid()::int8 AS backend_id`);
    const before = await backend();
    await small.connection.query(insert('apple'));
    await codeOf(translated(small.connection.query(insert('apple'))));
    await codeOf(small.inTransaction((tx) => translated(tx.query(insert('apple')))));
    expect(await backend()).toEqual(before);
  });
});

describe('a transaction', () => {
  test('is kept whole or not at all', async () => {
    const failing = database.inTransaction(async (tx) => {
      await tx.query(insert('apple'));
      throw new AppError('CONFLICT', 'No.');
    });
    expect(await codeOf(failing)).toBe('CONFLICT');
    expect(await goods()).toEqual([]);
    expect(await database.inTransaction(async (tx) => (await tx.query(insert('apple', 3))).rowCount)).toBe(1);
    expect(await goods()).toEqual([{ label: 'apple', amount: 3 }]);
  });

  test('runs at READ COMMITTED in UTC whatever the server prefers, and costs two statements more', async () => {
    const Session = uncheckedRow({ isolation: Type.String(), zone: Type.String() });
    const { result, statements } = await countStatements(() =>
      database.inTransaction((tx) =>
        tx.one(
          sql.type(Session)`SELECT current_setting('transaction_isolation') AS isolation, current_setting('TimeZone') AS zone`,
        ),
      ),
    );
    expect(result).toEqual({ isolation, zone: 'UTC' });
    expect(statements).toHaveLength(3);
  });

  test('that failed and was not ended by whoever began it costs one answer, and the connection', async () => {
    const alone = await openReady(fresh.url, { poolMax: 1 });
    await alone.connection.query(sql.unsafe`BEGIN`);
    expect(await codeOf(alone.connection.query(sql.unsafe`SELECT 1 / 0`))).toMatchObject({ code: '22012' });
    expect(await codeOf(alone.connection.query(insert('pear')))).toBe('SHARED_DB_UNAVAILABLE');
    await waitFor(() => codeOf(alone.connection.query(insert('apple'))).then((code) => code === 'no error'), {
      what: 'another connection',
    });
    expect(await goods()).toEqual([{ label: 'apple', amount: 0 }]);
    await alone.close();
  });

  test('is run again after a deadlock, so that both changes are kept', async () => {
    await database.connection.query(insert('apple'));
    await database.connection.query(insert('pear'));
    const bothHoldOne = Promise.withResolvers<void>();
    let holding = 0;
    let runs = 0;
    const inOrder = (first: string, second: string) =>
      database.inTransaction(async (tx) => {
        runs += 1;
        await tx.query(raise(first));
        holding += 1;
        if (holding === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await tx.query(raise(second));
      });
    await Promise.all([inOrder('apple', 'pear'), inOrder('pear', 'apple')]);
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(await goods()).toEqual([
      { label: 'apple', amount: 2 },
      { label: 'pear', amount: 2 },
    ]);
  });

  test('refuses a statement that escapes to the pool', async () => {
    const escaping = database.inTransaction(async () => database.connection.query(insert('apple')));
    await expect(escaping).rejects.toThrow('foreign connection');
    expect(await goods()).toEqual([]);
  });

  test.runIf(isPostgres)(
    'whose connection is lost before its commit keeps nothing and says that the database is unavailable',
    async () => {
      const losing = database.inTransaction(async (tx) => {
        const { backendId } = await tx.one(sql.type(BackendId)`SELECT pg_backend_pid()::int8 AS backend_id`);
        await tx.query(insert('apple'));
        await execute(fresh.url, `SELECT pg_terminate_backend(${backendId}, 5000)`);
      });
      expect(await codeOf(losing)).toBe('SHARED_DB_UNAVAILABLE');
      await untilStatus(database, 'ready');
      expect(await goods()).toEqual([]);
    },
  );
});

describe('too much at once', () => {
  test('is refused with SERVICE_UNAVAILABLE beyond the bound, and the rest is answered', async () => {
    const small = await openReady(fresh.url, { poolMax: 2, waitingMax: 3 });
    const results = await Promise.all(Array.from({ length: 8 }, () => codeOf(small.connection.any(sleepFor(0.1)))));
    expect(results.filter((result) => result === 'SERVICE_UNAVAILABLE')).toHaveLength(3);
    expect(results.filter((result) => result === 'no error')).toHaveLength(5);
    expect(await codeOf(small.connection.any(sleepFor(0)))).toBe('no error');
  });

  test('does not wait for a connection for ever', async () => {
    const small = await openReady(fresh.url, { poolMax: 1, waitMsMax: 50 });
    const long = codeOf(small.connection.any(sleepFor(0.5)));
    expect(await codeOf(small.connection.any(sleepFor(0)))).toBe('SERVICE_UNAVAILABLE');
    expect(await long).toBe('no error');
  });

  test('a statement that takes too long is ended by the server', async () => {
    const impatient = await openReady(fresh.url, { statementTimeoutMs: 100 });
    expect(await codeOf(impatient.connection.any(sleepFor(10)))).toBe('SHARED_DB_UNAVAILABLE');
    expect(impatient.state().status).toBe('ready');
  });
});
