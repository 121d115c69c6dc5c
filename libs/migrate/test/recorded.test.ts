import { writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import {
  adoptMigrations,
  adoptSqliteMigrations,
  migrateDown,
  migrateRedo,
  migrateSqliteRedo,
  migrateSqliteUp,
  migrateUp,
  migrationStatus,
  sqliteMigrationStatus,
} from '../src/index.ts';
import { checksumOf } from '../src/checksums.ts';
import { folderOf, twoMigrations } from './fixtures.ts';
import { useLibraryDatabase } from './library-database.ts';

const { query, target } = useLibraryDatabase();

const changedFile = '0001_create_shelves.down.sql';
const changedFiles = { ...twoMigrations, [changedFile]: 'DROP TABLE IF EXISTS library.shelves; SELECT 1;' };
const changeOf = (before: string, after: string): string =>
  `0001_create_shelves.down.sql was changed after it was applied: it was ${checksumOf(before)}, the file is ${checksumOf(after)}.`;

describe('what a database records of the files that were applied', () => {
  test('stops everything when a file was changed, also with a list that says so, with both sums', async () => {
    await migrateUp({ ...target(), count: 1 });
    const changed = target(changedFiles);
    const fault = `Schema library: ${changeOf(twoMigrations[changedFile], changedFiles[changedFile])}`;
    for (const run of [migrateUp, migrateDown, migrateRedo, migrationStatus]) await expect(run(changed)).rejects.toThrow(fault);
    expect((await migrationStatus(target())).map(({ checksum }) => checksum)).toEqual(['same', 'pending']);
  });

  test('stops everything without checksums, until they are taken over once', async () => {
    const old = target();
    await migrateUp(old);
    await query('DROP TABLE library.schema_migration_checksums');
    await expect(migrateUp(old)).rejects.toThrow(
      'Schema library has 2 migrations without checksums (0001_create_shelves first): they were applied before checksums were kept. If it was migrated with these files, take them over once: make migrate-adopt.',
    );
    expect(await adoptMigrations(old)).toEqual(['0001_create_shelves', '0002_create_books']);
    expect(await adoptMigrations(old)).toEqual([]);
    expect((await migrationStatus(old)).map(({ checksum, tookMs }) => [checksum, tookMs])).toEqual([
      ['same', null],
      ['same', null],
    ]);
    await expect(migrationStatus(target(changedFiles))).rejects.toThrow('was changed after it was applied');
  });

  test('is gone with the migration', async () => {
    await migrateUp(target());
    await migrateDown({ ...target(), count: 2 });
    expect((await query('SELECT name FROM library.schema_migration_checksums')).rows).toEqual([]);
    expect(await migrateUp(target(changedFiles))).toEqual(['0001_create_shelves', '0002_create_books']);
  });
});

test('migrateRedo takes the newest back and applies them again', async () => {
  await migrateUp(target());
  const steps: string[] = [];
  const redone = await migrateRedo({
    ...target(),
    count: 2,
    onProgress: ({ direction, name }) => steps.push(`${direction} ${name}`),
  });
  expect(redone).toEqual(['0001_create_shelves', '0002_create_books']);
  expect(steps).toEqual(['down 0002_create_books', 'down 0001_create_shelves', 'up 0001_create_shelves', 'up 0002_create_books']);
});

describe('a SQLite file', () => {
  const shelves = { '0001_shelves.up.sql': 'CREATE TABLE shelves (id text);', '0001_shelves.down.sql': 'DROP TABLE shelves;' };

  test('is refused when a migration that was applied to it was changed, with both sums', () => {
    const db = new BetterSqlite(':memory:');
    migrateSqliteUp(db, folderOf(shelves));
    const sql = 'CREATE TABLE shelves (id text, label text);';
    const changed = folderOf({ ...shelves, '0001_shelves.up.sql': sql });
    const fault = `The file :memory:: 0001_shelves.up.sql was changed after it was applied: it was ${checksumOf(shelves['0001_shelves.up.sql'])}, the file is ${checksumOf(sql)}.`;
    for (const run of [migrateSqliteUp, migrateSqliteRedo, sqliteMigrationStatus]) expect(() => run(db, changed)).toThrow(fault);
    db.close();
  });

  test('is refused when a committed migration was changed in its folder', () => {
    const folder = folderOf(shelves);
    writeFileSync(path.join(folder, '0001_shelves.up.sql'), 'SELECT 1;');
    const db = new BetterSqlite(':memory:');
    expect(() => migrateSqliteUp(db, folder)).toThrow('0001_shelves.up.sql was changed: checksums.txt has it with');
    db.close();
  });

  test('without checksums is refused until they are taken over once', () => {
    const db = new BetterSqlite(':memory:');
    const folder = folderOf(shelves);
    migrateSqliteUp(db, folder);
    db.exec('DROP TABLE schema_migration_checksums');
    expect(() => migrateSqliteUp(db, folder)).toThrow('has 1 migrations without checksums');
    expect(adoptSqliteMigrations(db, folder)).toEqual(['0001_shelves']);
    expect(sqliteMigrationStatus(db, folder)).toMatchObject([{ name: '0001_shelves', checksum: 'same', tookMs: null }]);
    expect(migrateSqliteRedo(db, folder)).toEqual(['0001_shelves']);
    db.close();
  });
});
