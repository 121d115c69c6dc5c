import { createSharedDatabase, sql, uncheckedRow, type SharedDatabase } from '@guildhall/db';
import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browsedTables, createRowsRequest, tableOf } from '../src/index.ts';
import { createTableReader } from '../src/postgres.ts';

let fresh: FreshDatabase;
let database: SharedDatabase;
beforeAll(async () => {
  fresh = await freshDatabase({ services: [] });
  const log = { info: () => {}, warn: () => {} };
  const options = { url: fresh.url, schema: 'shop', applicationName: 'data-browser-test', migrationsExpected: 0, log };
  database = createSharedDatabase(options);
  await waitFor(() => database.state().status === 'ready');
  for (const statement of [
    sql.unsafe`CREATE SCHEMA shop`,
    sql.unsafe`CREATE TABLE shop.things (id int8 PRIMARY KEY, kind text NOT NULL, made_at timestamptz NOT NULL, body text, key bytea NOT NULL)`,
    sql.unsafe`INSERT INTO shop.things SELECT n, CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END, '2026-01-01T00:00:00.000001Z'::timestamptz, repeat('b', n::int4), 'secret' FROM generate_series(1, 5) AS n`,
    sql.unsafe`ANALYZE shop.things`,
  ])
    await database.connection.query(statement);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const columns = { body: 'text | null', id: 'bigint', key: 'bytea', kind: 'text', made_at: 'timestamp with time zone' };
const structures = { things: { key: ['id'], columns, references: {} } };
const things = tableOf(
  browsedTables(structures, { things: { public: 'id kind made_at', content: 'body', secret: 'key' } }),
  'things',
);
const Setting = uncheckedRow({ transactionReadOnly: Type.String() });
const Timeout = uncheckedRow({ statementTimeout: Type.String() });

test('reads in a transaction that can change nothing, with two seconds for each statement', async () => {
  const settings: string[] = [];
  const watched = {
    inTransaction: <T>(work: Parameters<typeof database.inTransaction<T>>[0]) =>
      database.inTransaction(async (tx) => {
        const result = await work(tx);
        const { transactionReadOnly } = await tx.one(sql.type(Setting)`SHOW transaction_read_only`);
        const { statementTimeout } = await tx.one(sql.type(Timeout)`SHOW statement_timeout`);
        settings.push(transactionReadOnly, statementTimeout);
        return result;
      }),
  };
  await createTableReader(watched, 'shop').rows(createRowsRequest(things, {}));
  expect(settings).toEqual(['on', '2s']);
});

test('reads no secret column, of content its length, and goes on behind equal values of the order', async () => {
  const reader = createTableReader(database, 'shop');
  const request = createRowsRequest(things, { sort: 'made_at', order: 'desc', limit: 1 });
  const [first] = await reader.rows(request);
  expect(first).toEqual({
    texts: [null, '5', 'odd', '2026-01-01 00:00:00.000001+00'],
    lengths: [5, 1, 3, 29],
    position: ['2026-01-01 00:00:00.000001+00', '5'],
  });
  const rest = await reader.rows({ ...request, after: first?.position ?? [], limit: 10 });
  expect(rest.map(({ position }) => position[1])).toEqual(['4', '3', '2', '1']);
});

test('counts as the server last counted', async () => {
  expect(await createTableReader(database, 'shop').estimates()).toEqual(new Map([['things', 5]]));
});
