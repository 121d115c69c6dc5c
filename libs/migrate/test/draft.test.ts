import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serverEngine, testServerUrl } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeSchema, readSchema, type SchemaModel } from '../src/catalog.ts';
import { makeSchema, modelOfMigrations, modelOfText, textOf } from '../src/draft-command.ts';
import { draftMigrations, type Draft } from '../src/draft.ts';
import { checksumList, migrateDown, migrateUp } from '../src/index.ts';
import { twoMigrations } from './fixtures.ts';
import { useLibraryDatabase } from './library-database.ts';

const { wordsCatalogAsPostgres } = await serverEngine();
const { url, client, query } = useLibraryDatabase();

const folders: string[] = [];
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-drafts-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, 'checksums.txt'), checksumList(folder));
  return folder;
};

const filesOf = (drafts: readonly Draft[]): Record<string, string> =>
  Object.fromEntries(
    drafts.flatMap(({ name, up, down }, index) => {
      const stem = `${String(index + 3).padStart(4, '0')}_${name}`;
      return [
        [`${stem}.up.sql`, textOf(up)],
        [`${stem}.down.sql`, textOf(down)],
      ];
    }),
  );

const dropSchema = () => query('DROP SCHEMA IF EXISTS library CASCADE');

/** The schema that the two migrations lead to: its schema.sql, and its model. */
let before: { readonly text: string; readonly model: SchemaModel };
beforeAll(async () => {
  const folder = folderWith(twoMigrations);
  const model = await modelOfMigrations(testServerUrl(), 'library', folder);
  await dropSchema();
  await migrateUp({ databaseUrl: url(), schema: 'library', folder });
  before = { text: await describeSchema(client(), 'library'), model };
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Edits schema.sql, drafts, and walks the drafts up and down: each end must be the schema that was asked for. */
const draftFor = async (edit: (text: string) => string): Promise<readonly Draft[]> => {
  const after = await makeSchema(client(), 'library', edit(before.text));
  await dropSchema();
  const drafts = draftMigrations('library', before.model, after);
  const target = { databaseUrl: url(), schema: 'library', folder: folderWith({ ...twoMigrations, ...filesOf(drafts) }) };
  await migrateUp(target);
  expect(await readSchema(client(), 'library')).toEqual(after);
  if (drafts.length > 0) await migrateDown({ ...target, count: drafts.length });
  expect(await describeSchema(client(), 'library')).toBe(before.text);
  return drafts;
};

const replaced = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`${from} is not in ${text}`);
  return text.replace(from, to);
};
const contract = '-- Contract: say since which release nothing reads or writes it.';

const cases: readonly (readonly [what: string, edit: (text: string) => string, drafts: readonly Draft[]])[] = [
  ['nothing', (text) => text, []],
  [
    'a column more, in words of the migrations',
    replaced('  is_open', '  opened_at timestamptz,\n  is_open'),
    [
      {
        name: 'add_opened_at_to_shelves',
        up: ['ALTER TABLE library.shelves ADD COLUMN IF NOT EXISTS opened_at timestamptz'],
        down: ['ALTER TABLE library.shelves DROP COLUMN IF EXISTS opened_at'],
      },
    ],
  ],
  [
    'a column that demands a value',
    replaced('  is_open', '  weight int8 NOT NULL,\n  is_open'),
    [
      {
        name: 'add_weight_to_shelves',
        up: [
          '-- Expand: say why it can be demanded of the rows that are there.',
          'ALTER TABLE library.shelves ADD COLUMN IF NOT EXISTS weight int8 NOT NULL',
        ],
        down: ['ALTER TABLE library.shelves DROP COLUMN IF EXISTS weight'],
      },
    ],
  ],
  [
    'a column less',
    (text) => text.replace(/ {2}is_open[^\n]*\n/, ''),
    [
      {
        name: 'drop_is_open_from_shelves',
        up: [contract, 'ALTER TABLE library.shelves DROP COLUMN IF EXISTS is_open'],
        down: ['ALTER TABLE library.shelves ADD COLUMN IF NOT EXISTS is_open bool NOT NULL DEFAULT true'],
      },
    ],
  ],
  [
    'another default and nullability',
    (text) => text.replace('is_open boolean NOT NULL DEFAULT true', 'is_open boolean DEFAULT false'),
    [
      {
        name: 'set_default_is_open_of_shelves',
        up: ['ALTER TABLE library.shelves ALTER COLUMN is_open SET DEFAULT false'],
        down: ['ALTER TABLE library.shelves ALTER COLUMN is_open SET DEFAULT true'],
      },
      {
        name: 'allow_null_is_open_of_shelves',
        up: ['ALTER TABLE library.shelves ALTER COLUMN is_open DROP NOT NULL'],
        down: ['ALTER TABLE library.shelves ALTER COLUMN is_open SET NOT NULL'],
      },
    ],
  ],
  [
    'an index more and one less',
    (text) =>
      text
        .replace(/CREATE INDEX idx_books_shelf_id[^\n]*\n/, '')
        .concat('CREATE UNIQUE INDEX uq_books_pages ON library.books (pages) WHERE pages > 5;'),
    [
      {
        name: 'index_books_pages',
        up: ['CREATE UNIQUE INDEX IF NOT EXISTS uq_books_pages ON library.books (pages) WHERE (pages > 5)'],
        down: ['DROP INDEX IF EXISTS library.uq_books_pages'],
      },
      {
        name: 'drop_idx_books_shelf_id',
        up: [contract, 'DROP INDEX IF EXISTS library.idx_books_shelf_id'],
        down: ['CREATE INDEX IF NOT EXISTS idx_books_shelf_id ON library.books (shelf_id) WHERE (pages IS NOT NULL)'],
      },
    ],
  ],
  [
    'a constraint more',
    replaced('  CONSTRAINT pk_books', '  CONSTRAINT ck_books_pages CHECK (pages > 0),\n  CONSTRAINT pk_books'),
    [
      {
        name: 'add_ck_books_pages',
        up: [
          'ALTER TABLE library.books DROP CONSTRAINT IF EXISTS ck_books_pages',
          'ALTER TABLE library.books ADD CONSTRAINT ck_books_pages CHECK ((pages > 0))',
        ],
        down: ['ALTER TABLE library.books DROP CONSTRAINT IF EXISTS ck_books_pages'],
      },
    ],
  ],
  [
    'tables more, the one that is pointed to first',
    (text) =>
      `CREATE TABLE library.authors (id uuid NOT NULL, town_id uuid, CONSTRAINT pk_authors PRIMARY KEY (id),
         CONSTRAINT fk_authors_town_id FOREIGN KEY (town_id) REFERENCES library.towns (id) ON DELETE SET NULL);
       CREATE INDEX idx_authors_town_id ON library.authors (town_id);
       CREATE TABLE library.towns (id uuid NOT NULL, CONSTRAINT pk_towns PRIMARY KEY (id));\n${text}`,
    [
      {
        name: 'create_towns',
        up: ['CREATE TABLE IF NOT EXISTS library.towns (\n  id uuid NOT NULL,\n  CONSTRAINT pk_towns PRIMARY KEY (id)\n)'],
        down: ['DROP TABLE IF EXISTS library.towns'],
      },
      {
        name: 'create_authors',
        up: [
          'CREATE TABLE IF NOT EXISTS library.authors (\n  id uuid NOT NULL,\n  town_id uuid,\n  CONSTRAINT fk_authors_town_id FOREIGN KEY (town_id) REFERENCES library.towns(id) ON DELETE SET NULL,\n  CONSTRAINT pk_authors PRIMARY KEY (id)\n)',
          'CREATE INDEX IF NOT EXISTS idx_authors_town_id ON library.authors (town_id)',
        ],
        down: ['DROP TABLE IF EXISTS library.authors'],
      },
    ],
  ],
];

/** Its words are PostgreSQL's, as those of the committed schema.sql. */
describe.runIf(wordsCatalogAsPostgres)('an edited schema.sql with', () => {
  test('no change is read, in a database of its own, as what the migrations lead to', async () => {
    expect(await modelOfText(testServerUrl(), 'library', before.text)).toEqual(before.model);
  });

  test.each(cases)('%s is drafted, and leads there and back', async (_what, edit, drafts) => {
    expect(await draftFor(edit)).toEqual(drafts);
  });

  test('a view less and its table less drops the view first', async () => {
    const drafts = await draftFor((text) =>
      text.slice(text.indexOf('CREATE TABLE library.shelves')).replace(/CREATE VIEW[\s\S]*/, ''),
    );
    expect(drafts.map(({ name }) => name)).toEqual(['drop_long_books', 'drop_books']);
  });

  test.each([
    ['another type', replaced('label text', 'label varchar'), 'library.shelves.label is text and should be character varying'],
    [
      'another index under the same name',
      replaced('USING btree (label)', '(label, id)'),
      'The definition changed under the same name: CREATE UNIQUE INDEX uq_shelves_label',
    ],
    ['what cannot be read', (text: string) => `${text} CREATE TABL library.a ();`, 'schema.sql cannot be read at: CREATE TABL'],
    [
      'a table that points nowhere',
      (text: string) => `${text} CREATE TABLE library.a (id uuid REFERENCES library.gone (id));`,
      'relation "library.gone" does not exist',
    ],
  ])('%s is refused', async (_what, edit, message) => {
    await expect(draftFor(edit)).rejects.toThrow(message);
  });
});
