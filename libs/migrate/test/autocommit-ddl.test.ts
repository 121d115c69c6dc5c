import { engineOf } from '@guildhall/engine';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClient } from '../src/connection.ts';
import { LeaseLost } from '../src/hold-lease.ts';
import { migrateDown, migrateUp, migrationStatus } from '../src/index.ts';
import { ensureLease, raiseFence, takeLease, type Lease } from '../src/lease.ts';
import { readMigrations } from '../src/migration-files.ts';
import { runFile } from '../src/run-file.ts';
import { autocommitDdl } from './autocommit-ddl.ts';
import { folderOf, twoMigrations } from './fixtures.ts';
import { useLibraryDatabase } from './library-database.ts';

const cockroach = engineOf('CockroachDB CCL v24.3.1 (x86_64-pc-linux-gnu)');

const { url, query, target } = useLibraryDatabase();
let client: Client;
let other: Client;

beforeAll(async () => {
  client = await openClient(url());
  other = await openClient(url());
});
afterAll(() => Promise.all([client.end(), other.end()]));

const failedWith = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const newLease = async (holder: string): Promise<Lease> => {
  await ensureLease(other, 'library');
  const lease = await takeLease(other, 'library', holder, 600_000);
  if (lease === null) throw new Error('The lease is held.');
  await raiseFence(other, lease);
  await other.query(
    `CREATE TABLE IF NOT EXISTS library.schema_migration_checksums
     (name text NOT NULL CONSTRAINT pk_sums PRIMARY KEY, up_sha256 text NOT NULL, down_sha256 text NOT NULL, took_ms int8)`,
  );
  return lease;
};

/** The lease of a holder that is not heard of any more goes to a successor, who raises the fence within 300 ms or is blocked. */
const succeed = async (): Promise<'passed' | 'waits'> => {
  await other.query("UPDATE library.schema_migration_lease SET holder = NULL WHERE id = 'lease'; SET lock_timeout = 300");
  const lease = await takeLease(other, 'library', 'successor', 600_000);
  if (lease === null) throw new Error('The lease is held.');
  return raiseFence(other, lease).then(
    () => 'passed',
    () => 'waits',
  );
};

const recorded = async (table: string): Promise<readonly unknown[]> =>
  (await other.query<{ name: string }>(`SELECT name FROM library.${table} ORDER BY name`)).rows.map(({ name }) => name);

const run = (lease: Lease, session: Client): Promise<void> => {
  const folder = folderOf(twoMigrations);
  const [shelves] = readMigrations(folder);
  if (shelves === undefined) throw new Error('There is no migration.');
  const held = { lease, check: () => undefined };
  return runFile({ client: session, engine: cockroach, held, folder, file: shelves, direction: 'up' });
};

describe('where each schema change commits and leaves no transaction', () => {
  test('both records are written behind the fence: a successor waits until they are committed', async () => {
    const lease = await newLease('holder');
    const seen: string[] = [];
    const session = autocommitDdl(client, async (text) => {
      if (text.includes('INSERT INTO') && text.includes('schema_migration')) seen.push(await succeed());
    });
    await run(lease, session);
    expect(seen).toEqual(['waits', 'waits']);
    expect(await recorded('schema_migrations')).toEqual(['0001_create_shelves']);
    expect(await recorded('schema_migration_checksums')).toEqual(['0001_create_shelves']);
  });

  test('a holder that paused between its statements and the fence records nothing', async () => {
    const lease = await newLease('holder');
    let fences = 0;
    const seen: string[] = [];
    const session = autocommitDdl(client, async (text) => {
      if (text.includes("WHERE id = 'fence'") && (fences += 1) === 2) seen.push(await succeed());
    });
    await expect(run(lease, session)).rejects.toThrow(LeaseLost);
    expect(seen).toEqual(['passed']);
    expect(await recorded('schema_migrations')).toEqual([]);
  });

  test.each([
    ['the fence', /id = 'fence'/],
    ['a statement of the file', /^CREATE TABLE IF NOT EXISTS library.shelves/],
    ['the COMMIT', /^COMMIT/],
  ])('a serialization failure at %s is run again', async (_where, pattern) => {
    const lease = await newLease('holder');
    let failures = 0;
    const session = autocommitDdl(client, (text) => {
      if (!pattern.test(text) || failures === 2) return;
      failures += 1;
      throw failedWith('40001', 'restart transaction: TransactionRetryWithProtoRefreshError');
    });
    await run(lease, session);
    expect(failures).toBe(2);
    expect(await recorded('schema_migrations')).toEqual(['0001_create_shelves']);
  });

  test('a serialization failure that does not end is reported with its statement after six tries', async () => {
    const lease = await newLease('holder');
    let failures = 0;
    const session = autocommitDdl(client, (text) => {
      if (!text.startsWith('CREATE TABLE IF NOT EXISTS library.shelves')) return;
      failures += 1;
      throw failedWith('40001', 'restart transaction');
    });
    await expect(run(lease, session)).rejects.toThrow('0001_create_shelves.up.sql failed in schema library at statement 1 of');
    expect(failures).toBe(6);
  });
});

test('a migration that was recorded twice counts as once: status, up and down go on', async () => {
  const library = target();
  await migrateUp({ ...library, count: 1 });
  await query('INSERT INTO library.schema_migrations (name, run_on) SELECT name, run_on FROM library.schema_migrations');
  expect((await migrationStatus(library)).map(({ checksum }) => checksum)).toEqual(['same', 'pending']);
  expect(await migrateUp(library)).toEqual(['0002_create_books']);
  expect(await migrateDown({ ...library, count: 2 })).toEqual(['0002_create_books', '0001_create_shelves']);
  expect(await recorded('schema_migrations')).toEqual([]);
});
