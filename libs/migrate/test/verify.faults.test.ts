import BetterSqlite from 'better-sqlite3';
import { freshDatabase, type FreshDatabase } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeCatalog, verifyMigrations, verifySqliteMigrations } from '../src/index.ts';
import { withClient } from '../src/postgres.ts';
import { folderOf, twoMigrations } from './fixtures.ts';
import { plainFolderOf } from './plain-folder.ts';

type Files = Readonly<Record<string, string>>;

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase({ services: [] });
});
afterAll(() => database.drop());
beforeEach(() => withClient(database.url, (client) => client.query('DROP SCHEMA IF EXISTS library CASCADE')));

const shelfId = '00000000-0000-4000-8000-000000000001';
const fixtures = {
  '0001_create_shelves.sql': `INSERT INTO library.shelves (id, label) VALUES ('${shelfId}', 'Poetry') ON CONFLICT (id) DO NOTHING;`,
  '0002_create_books.sql': `INSERT INTO library.books (id, shelf_id, pages) VALUES
    ('00000000-0000-4000-8000-000000000002', '${shelfId}', NULL) ON CONFLICT (id) DO NOTHING;`,
};

const verify = (migrations: Files, rows: Files = fixtures): Promise<string> =>
  verifyMigrations({
    databaseUrl: database.url,
    schema: 'library',
    folder: folderOf(migrations),
    fixturesFolder: plainFolderOf(rows),
  });

/** The two migrations and a third one. */
const third = (up: string, down: string): Files => ({ ...twoMigrations, '0003_third.up.sql': up, '0003_third.down.sql': down });

const addColour = 'ALTER TABLE library.shelves ADD COLUMN IF NOT EXISTS colour text;';
const dropColour = 'ALTER TABLE library.shelves DROP COLUMN IF EXISTS colour;';
const dropOpen = 'ALTER TABLE library.shelves DROP COLUMN IF EXISTS is_open;';
const addOpen = 'ALTER TABLE library.shelves ADD COLUMN IF NOT EXISTS is_open bool NOT NULL DEFAULT true;';
const addShelf = `INSERT INTO library.shelves (label) VALUES ('Drama') ON CONFLICT (label) DO NOTHING;`;

describe('verifyMigrations', () => {
  test('answers the newest catalog when each step leads there and back, and leaves the database empty', async () => {
    expect(await verify(twoMigrations)).toMatch(/^CREATE TABLE library\.books \([^]*CREATE VIEW library\.long_books/);
    expect(await describeCatalog(database.url, 'library')).toBe('');
  });

  test.each<[string, string, string]>([
    ['a column more', addColour, dropColour],
    ['a column less, whose values cannot come back', dropOpen, addOpen],
    ['rows of its own, which go again', addShelf, `DELETE FROM library.shelves WHERE label = 'Drama';`],
    ['rows that it changes by name', `UPDATE library.shelves SET is_open = false WHERE is_open;`, 'SELECT 1;'],
  ])('allows %s', async (_what, up, down) => {
    expect(await verify(third(up, down))).toContain('CREATE TABLE library.shelves (');
  });

  test.each<[string, string, string, string]>([
    [
      'a down that forgets an index',
      'CREATE INDEX IF NOT EXISTS idx_shelves_created_at ON library.shelves (created_at);',
      'SELECT 1;',
      '0003_third.down.sql does not take back what 0003_third.up.sql made: line',
    ],
    [
      'an up that fails when it is run twice',
      'CREATE TABLE library.desks (id uuid);',
      'DROP TABLE IF EXISTS library.desks;',
      '0003_third.up.sql fails when it is run twice: relation "desks" already exists',
    ],
    [
      'an up that adds more each time',
      `INSERT INTO library.shelves (label) VALUES (gen_random_uuid()::text);`,
      `DELETE FROM library.shelves WHERE label <> 'Poetry';`,
      '0003_third.up.sql leaves other rows when it is run twice: line 2: "shelves: 2" became "shelves: 3"',
    ],
    [
      'an up that makes another thing when it is run twice',
      'CREATE INDEX ON library.shelves (created_at);',
      'DROP INDEX IF EXISTS library.shelves_created_at_idx;',
      '0003_third.up.sql makes something else when it is run twice: line',
    ],
    [
      'a down that fails when it is run twice',
      addColour,
      'ALTER TABLE library.shelves DROP COLUMN colour;',
      '0003_third.down.sql fails when it is run twice: column "colour" of relation "shelves" does not exist',
    ],
    [
      'a default that differs the second time',
      `ALTER TABLE library.shelves ADD COLUMN IF NOT EXISTS opened_at timestamptz DEFAULT 'now'::timestamptz;`,
      'ALTER TABLE library.shelves DROP COLUMN IF EXISTS opened_at;',
      '0003_third.up.sql makes something else the second time: line',
    ],
    [
      'a down that loses rows',
      addShelf,
      'DELETE FROM library.books; DELETE FROM library.shelves;',
      '0003_third.down.sql loses or changes 1 row of books that the up file did not insert.',
    ],
    [
      'a down that loses the values of a column',
      'CREATE INDEX IF NOT EXISTS idx_books_pages ON library.books (pages);',
      'DROP INDEX IF EXISTS library.idx_books_pages; UPDATE library.books SET pages = 1;',
      '0003_third.down.sql loses or changes 1 row of books that the up file did not insert.',
    ],
    [
      'a down that leaves its rows',
      addShelf,
      'SELECT 1;',
      '0003_third.down.sql leaves 1 row in shelves that the up file inserted.',
    ],
    [
      'an up that loses rows by cascade',
      'DELETE FROM library.shelves;',
      'SELECT 1;',
      '0003_third.up.sql loses or changes 1 row of books.',
    ],
    [
      'an up that only a full table refuses',
      'ALTER TABLE library.books ALTER COLUMN pages SET NOT NULL;',
      'ALTER TABLE library.books ALTER COLUMN pages DROP NOT NULL;',
      'column "pages" of relation "books" contains null values',
    ],
  ])('names %s', async (_what, up, down, message) => {
    await expect(verify(third(up, down))).rejects.toThrow(message);
  });

  test('names a fixture that leaves a table empty', async () => {
    const only = {
      '0001_create_desks.up.sql': 'CREATE TABLE IF NOT EXISTS library.desks (id uuid);',
      '0001_create_desks.down.sql': 'DROP TABLE IF EXISTS library.desks;',
    };
    await expect(verify(only, { '0001_create_desks.sql': 'SELECT 1;' })).rejects.toThrow(
      /0001_create_desks\.sql leaves no row in desks\. The next step/,
    );
  });

  test('names a migration whose tables no fixture fills', async () => {
    await expect(verify(twoMigrations, { '0001_create_shelves.sql': fixtures['0001_create_shelves.sql'] })).rejects.toThrow(
      /0002_create_books\.sql is missing: 0002_create_books has no fixture for books\. The next step must meet rows in every table\.$/,
    );
  });

  test('names a fixture that fails, and one of no migration', async () => {
    await expect(verify(twoMigrations, { ...fixtures, '0001_create_shelves.sql': 'SELECT oops;' })).rejects.toThrow(
      'The fixture 0001_create_shelves.sql fails: column "oops" does not exist',
    );
    await expect(verify(twoMigrations, { ...fixtures, '0003_nobody.sql': 'SELECT 1;' })).rejects.toThrow(
      /0003_nobody\.sql belongs to no migration/,
    );
  });
});

describe('verifySqliteMigrations', () => {
  const shelves = {
    '0001_create_shelves.up.sql': 'CREATE TABLE shelves (id text NOT NULL PRIMARY KEY, label text NOT NULL);',
    '0001_create_shelves.down.sql': 'DROP TABLE shelves;',
  };
  const rows = { '0001_create_shelves.sql': `INSERT INTO shelves VALUES ('1', 'Poetry') ON CONFLICT DO NOTHING;` };
  const second = (up: string, down: string): Files => ({ ...shelves, '0002_second.up.sql': up, '0002_second.down.sql': down });

  const verifyFile = async (migrations: Files, fixtureFiles: Files = rows): Promise<string> => {
    const db = new BetterSqlite(':memory:');
    return verifySqliteMigrations(db, folderOf(migrations), plainFolderOf(fixtureFiles)).finally(() => db.close());
  };

  test('answers the newest catalog', async () => {
    expect(
      await verifyFile(second('ALTER TABLE shelves ADD COLUMN colour text;', 'ALTER TABLE shelves DROP COLUMN colour;')),
    ).toBe('CREATE TABLE shelves (id text NOT NULL PRIMARY KEY, label text NOT NULL, colour text);\n');
  });

  test.each<[string, string, string, string]>([
    [
      'a down that forgets an index',
      'CREATE INDEX idx_shelves_label ON shelves (label);',
      'SELECT 1;',
      '0002_second.down.sql does not take back what 0002_second.up.sql made: line',
    ],
    [
      'a down that loses rows',
      `INSERT INTO shelves VALUES ('2', 'Drama');`,
      'DELETE FROM shelves;',
      '0002_second.down.sql loses or changes 1 row of shelves that the up file did not insert.',
    ],
    [
      'an up that changes rows of a table that it does not name',
      `REPLACE INTO shelves VALUES ('1', 'Drama');`,
      'SELECT 1;',
      '0002_second.up.sql loses or changes 1 row of shelves.',
    ],
    [
      'a migration without a fixture',
      'CREATE TABLE books (id text NOT NULL);',
      'DROP TABLE books;',
      '0002_second has no fixture for books.',
    ],
  ])('names %s', async (_what, up, down, message) => {
    await expect(verifyFile(second(up, down))).rejects.toThrow(message);
  });
});
