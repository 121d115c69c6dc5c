import { describe, expect, test } from 'vitest';
import { describeSchema } from '../src/catalog.ts';
import { describeCatalog, migrateUp } from '../src/index.ts';
import { isSameSchema, withoutViewQualifiers } from '../src/same-schema.ts';
import { useLibraryDatabase } from './library-database.ts';

const { url, client, query, target } = useLibraryDatabase();

const catalog = `CREATE TABLE library.books (
  id uuid NOT NULL,
  pages bigint,
  shelf_id uuid NOT NULL,
  CONSTRAINT fk_books_shelf_id FOREIGN KEY (shelf_id) REFERENCES library.shelves(id) ON DELETE CASCADE,
  CONSTRAINT pk_books PRIMARY KEY (id)
);
CREATE INDEX idx_books_shelf_id ON library.books USING btree (shelf_id) WHERE (pages IS NOT NULL);

CREATE TABLE library.shelves (
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  is_open boolean NOT NULL DEFAULT true,
  label text NOT NULL,
  CONSTRAINT ck_shelves_label CHECK ((length(label) > 0)),
  CONSTRAINT pk_shelves PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_shelves_label ON library.shelves USING btree (label);

CREATE VIEW library.long_books AS
SELECT id
   FROM library.books
  WHERE (pages > 500);
`;

describe('describeCatalog', () => {
  test('tells every column, constraint, index and view of a schema, and nothing of how it came about', async () => {
    expect(await describeCatalog(url(), 'library')).toBe('');
    await migrateUp(target());
    expect(withoutViewQualifiers(await describeCatalog(url(), 'library'))).toBe(withoutViewQualifiers(catalog));
  });

  test.each([
    ['a default', 'ALTER TABLE library.shelves ALTER COLUMN is_open DROP DEFAULT'],
    ['nullability', 'ALTER TABLE library.shelves ALTER COLUMN label DROP NOT NULL'],
    ['a constraint', 'ALTER TABLE library.shelves DROP CONSTRAINT ck_shelves_label'],
    ['an index', 'DROP INDEX library.uq_shelves_label'],
    ['a column', 'ALTER TABLE library.books ADD COLUMN author text'],
    ['a view', 'DROP VIEW library.long_books'],
  ])('changes with %s', async (_what, change) => {
    await migrateUp(target());
    await query(change);
    expect(isSameSchema(await describeSchema(client(), 'library'), catalog)).toBe(false);
  });
});

const view = (words: string): string =>
  `CREATE TABLE library.books (\n  id uuid\n);\n\nCREATE VIEW library.long_books AS\n${words};\n`;

describe('isSameSchema', () => {
  const newer = view("SELECT id\n   FROM library.books\n  WHERE (label <> 'a.b'::text)");
  const older = view("SELECT books.id\n   FROM library.books\n  WHERE (books.label <> 'a.b'::text)");

  test('takes the words of PostgreSQL before 16 and after for the same', () => {
    expect(isSameSchema(older, newer)).toBe(true);
  });

  test.each([
    ['a column', older.replace('books.id', 'books.isbn')],
    ['a text', older.replace("'a.b'", "'b'")],
    ['the table', older.replace('library.books\n  WHERE', 'library.shelves\n  WHERE')],
    ['a column of a table', older.replace('id uuid', 'id text')],
  ])('tells %s apart', (_what, changed) => {
    expect(changed).not.toBe(older);
    expect(isSameSchema(changed, newer)).toBe(false);
  });
});
