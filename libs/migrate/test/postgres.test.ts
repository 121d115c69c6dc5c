import { Client } from 'pg';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { leaseTimes, migrateDown, migrateUp, migrationStatus, pendingMigrations, type MigrateOptions } from '../src/index.ts';
import { checksumOf } from '../src/checksums.ts';
import { folderOf, twoMigrations } from './fixtures.ts';
import { useLibraryDatabase } from './library-database.ts';

const { query, target } = useLibraryDatabase();
let options: MigrateOptions;
beforeEach(() => void (options = target()));

const tables = async () => {
  const { rows } = await query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'library' AND table_name NOT LIKE 'schema\\_migration%' ORDER BY table_name",
  );
  return rows.map(({ name }) => name);
};

describe('migrateUp', () => {
  test('applies every pending file once, in order, and tells of each', async () => {
    const steps: string[] = [];
    const applied = await migrateUp({ ...options, onProgress: ({ direction, name }) => steps.push(`${direction} ${name}`) });
    expect(applied).toEqual(['0001_create_shelves', '0002_create_books']);
    expect(steps).toEqual(['up 0001_create_shelves', 'up 0002_create_books']);
    expect(await tables()).toEqual(['books', 'long_books', 'shelves']);
    expect(await migrateUp(options)).toEqual([]);
  });

  test('takes one connection, and another to renew the lease only where a file lasts longer than until then', async () => {
    const connect = vi.spyOn(Client.prototype, 'connect');
    onTestFinished(() => connect.mockRestore());
    const connections = async (run: () => Promise<unknown>): Promise<number> => {
      connect.mockClear();
      await run();
      return connect.mock.calls.length;
    };
    const slow = folderOf({ ...twoMigrations, '0002_create_books.up.sql': 'SELECT pg_sleep(0.5);' });
    const often = { ...leaseTimes, heartbeatMs: 100 };
    // Longer than a file takes on a busy machine.
    const seldom = { ...leaseTimes, heartbeatMs: 60_000 };
    expect(await connections(() => migrateUp({ ...options, count: 1, lease: seldom }))).toBe(1);
    expect(await connections(() => migrateUp({ ...options, folder: slow, lease: often }))).toBe(2);
    expect(await connections(() => migrateUp({ ...options, folder: slow, lease: seldom }))).toBe(1);
    expect(await connections(() => migrateDown({ ...options, folder: slow, count: 2, lease: seldom }))).toBe(1);
  });

  test('applies no more than count', async () => {
    expect(await migrateUp({ ...options, count: 1 })).toEqual(['0001_create_shelves']);
    expect(await pendingMigrations(options)).toEqual(['0002_create_books']);
  });

  test('keeps what went before when a file fails, names the file, and leaves nothing of it', async () => {
    const folder = folderOf({
      ...twoMigrations,
      '0002_create_books.up.sql': 'CREATE TABLE library.halves (id uuid); SELECT 1/0;',
    });
    await expect(migrateUp({ ...options, folder })).rejects.toThrow(
      `0002_create_books.up.sql failed in schema library at statement 2 of 2: division by zero
  SELECT 1/0
Nothing of 0002_create_books is left in the database, and all before it stays. Put right what the server names, and run up again: it goes on with 0002_create_books.`,
    );
    expect(await tables()).toEqual(['shelves']);
    expect(await migrateUp(options)).toEqual(['0002_create_books']);
  });

  test('refuses a database that is newer than the program, with both numbers', async () => {
    await migrateUp(options);
    const older = folderOf({
      '0001_create_shelves.up.sql': twoMigrations['0001_create_shelves.up.sql'],
      '0001_create_shelves.down.sql': twoMigrations['0001_create_shelves.down.sql'],
    });
    await expect(migrateUp({ ...options, folder: older })).rejects.toThrow(
      'Schema library is newer than this program: it is at migration 2 (0002_create_books), this program knows 1.',
    );
  });

  test('refuses a database with another history', async () => {
    await migrateUp({ ...options, count: 1 });
    const other = folderOf({ '0001_create_rooms.up.sql': 'SELECT 1;', '0001_create_rooms.down.sql': 'SELECT 1;' });
    await expect(migrateUp({ ...options, folder: other })).rejects.toThrow(
      `Schema library has another history: its migration 1 is 0001_create_shelves (${checksumOf(twoMigrations['0001_create_shelves.up.sql'])}), this program's is 0001_create_rooms (${checksumOf('SELECT 1;')}).`,
    );
  });
});

describe('migrateDown', () => {
  test('takes back the newest only, unless told how many', async () => {
    await migrateUp(options);
    expect(await migrateDown(options)).toEqual(['0002_create_books']);
    expect(await tables()).toEqual(['shelves']);
    await migrateUp(options);
    expect(await migrateDown({ ...options, count: 5 })).toEqual(['0002_create_books', '0001_create_shelves']);
    expect(await tables()).toEqual([]);
  });
});

describe('migrationStatus', () => {
  test('tells of every file when it was applied, also before the schema is there', async () => {
    expect(await migrationStatus(options)).toEqual([
      { name: '0001_create_shelves', appliedAt: null, tookMs: null, checksum: 'pending' },
      { name: '0002_create_books', appliedAt: null, tookMs: null, checksum: 'pending' },
    ]);
    const before = Date.now();
    await migrateUp({ ...options, count: 1 });
    const [first, second] = await migrationStatus(options);
    expect(second).toEqual({ name: '0002_create_books', appliedAt: null, tookMs: null, checksum: 'pending' });
    expect(first).toMatchObject({ checksum: 'same', tookMs: expect.any(Number) as number });
    expect(first?.appliedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.parse(first?.appliedAt ?? '') - before)).toBeLessThan(60_000);
  });
});
