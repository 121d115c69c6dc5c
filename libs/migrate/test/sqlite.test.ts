import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { describeSqliteCatalog, migrateSqliteDown, migrateSqliteUp, sqliteMigrationStatus } from '../src/index.ts';
import { folderOf } from './fixtures.ts';

const shelves = {
  '0001_create_shelves.up.sql': 'CREATE TABLE shelves (id text NOT NULL PRIMARY KEY, label text NOT NULL);',
  '0001_create_shelves.down.sql': 'DROP TABLE shelves;',
};
const books = {
  '0002_create_books.up.sql':
    'CREATE TABLE books (id text NOT NULL PRIMARY KEY, shelf_id text NOT NULL REFERENCES shelves (id) ON DELETE CASCADE); CREATE INDEX idx_books_shelf_id ON books (shelf_id);',
  '0002_create_books.down.sql': 'DROP TABLE books;',
};
const upperCase = {
  '0003_upper_labels.up.sql': 'UPDATE shelves SET label = upper(label);',
  '0003_upper_labels.down.sql': 'UPDATE shelves SET label = lower(label);',
};

let file: string;
let db: BetterSqlite.Database;

beforeEach(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-sqlite-'));
  file = path.join(folder, 'solo.db');
  db = new BetterSqlite(file);
  db.pragma('foreign_keys = ON');
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

const labels = (from: BetterSqlite.Database) =>
  from
    .prepare<[], { label: string }>('SELECT label FROM shelves')
    .all()
    .map(({ label }) => label);
const copies = () => readdirSync(path.dirname(file)).filter((name) => name.includes('.before-'));

describe('migrateSqliteUp', () => {
  test('applies every pending file once and records when', () => {
    const folder = folderOf({ ...shelves, ...books });
    expect(migrateSqliteUp(db, folder)).toEqual(['0001_create_shelves', '0002_create_books']);
    expect(migrateSqliteUp(db, folder)).toEqual([]);
    const [first, second] = sqliteMigrationStatus(db, folder);
    expect([first?.name, second?.name]).toEqual(['0001_create_shelves', '0002_create_books']);
    expect(Math.abs(Date.parse(first?.appliedAt ?? '') - Date.now())).toBeLessThan(60_000);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  test('keeps a copy of the file before data that is there is changed, and only then', () => {
    migrateSqliteUp(db, folderOf(shelves));
    db.prepare("INSERT INTO shelves VALUES ('1', 'history')").run();
    migrateSqliteUp(db, folderOf({ ...shelves, ...books }));
    expect(copies()).toEqual([]);
    migrateSqliteUp(db, folderOf({ ...shelves, ...books, ...upperCase }));
    expect(labels(db)).toEqual(['HISTORY']);
    expect(copies()).toEqual(['solo.db.before-0003_upper_labels']);
    const copyPath = `${file}.before-0003_upper_labels`;
    expect(statSync(copyPath).mode & 0o777).toBe(0o600);
    const copy = new BetterSqlite(copyPath, { readonly: true });
    expect(labels(copy)).toEqual(['history']);
    copy.close();
  });

  test('leaves nothing of a file that fails, and names it', () => {
    migrateSqliteUp(db, folderOf(shelves));
    const before = describeSqliteCatalog(db);
    const broken = { ...books, '0002_create_books.up.sql': 'CREATE TABLE books (id text); INSERT INTO nowhere VALUES (1);' };
    expect(() => migrateSqliteUp(db, folderOf({ ...shelves, ...broken }))).toThrow(
      `0002_create_books.up.sql failed in ${file} at statement 2 of 2: no such table: nowhere
  INSERT INTO nowhere VALUES (1)
Nothing of 0002_create_books is left in the file, and all before it stays. Put right what SQLite names, and run up again: it goes on with 0002_create_books.`,
    );
    expect(describeSqliteCatalog(db)).toBe(before);
    expect(migrateSqliteUp(db, folderOf({ ...shelves, ...books }))).toEqual(['0002_create_books']);
  });

  test('refuses to leave rows that refer to nothing', () => {
    migrateSqliteUp(db, folderOf({ ...shelves, ...books }));
    db.exec("INSERT INTO shelves VALUES ('1', 'history'); INSERT INTO books VALUES ('b', '1');");
    const removing = { '0003_empty_shelves.up.sql': 'DELETE FROM shelves;', '0003_empty_shelves.down.sql': 'SELECT 1;' };
    expect(() => migrateSqliteUp(db, folderOf({ ...shelves, ...books, ...removing }))).toThrow(
      'Migration 0003_empty_shelves leaves rows that violate a foreign key.',
    );
    expect(labels(db)).toEqual(['history']);
  });

  test('refuses a file that is newer than the program, with both numbers, and does not touch it', () => {
    migrateSqliteUp(db, folderOf({ ...shelves, ...books }));
    const before = describeSqliteCatalog(db);
    expect(() => migrateSqliteUp(db, folderOf(shelves))).toThrow(
      `The file ${file} is newer than this program: it is at migration 2 (0002_create_books), this program knows 1.`,
    );
    expect(describeSqliteCatalog(db)).toBe(before);
  });

  test('of two processes at once lets the second find the work done', () => {
    const folder = folderOf({ ...shelves, ...books });
    const other = new BetterSqlite(file);
    const seen: string[][] = [];
    migrateSqliteUp(db, folder, {
      onProgress: ({ name }) => name === '0001_create_shelves' && seen.push([...migrateSqliteUp(other, folder)]),
    });
    other.close();
    expect(seen).toEqual([['0002_create_books']]);
    expect(existsSync(file)).toBe(true);
  });
});

test('migrateSqliteDown takes back the newest and keeps a copy of the file', () => {
  const folder = folderOf({ ...shelves, ...books });
  migrateSqliteUp(db, folder);
  expect(migrateSqliteDown(db, folder)).toEqual(['0002_create_books']);
  expect(describeSqliteCatalog(db)).toBe('CREATE TABLE shelves (id text NOT NULL PRIMARY KEY, label text NOT NULL);\n');
  expect(copies()).toEqual(['solo.db.before-down-0002_create_books']);
});
