import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { checksumList } from '../src/index.ts';

/** A folder of its own with these files and their checksums, gone with the test. */
export const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, 'checksums.txt'), checksumList(folder));
  return folder;
};

export const twoMigrations = {
  '0001_create_shelves.up.sql': `CREATE TABLE IF NOT EXISTS library.shelves (
    id uuid NOT NULL DEFAULT gen_random_uuid(), label text NOT NULL, is_open bool NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(), CONSTRAINT pk_shelves PRIMARY KEY (id),
    CONSTRAINT ck_shelves_label CHECK (length(label) > 0));
    CREATE UNIQUE INDEX IF NOT EXISTS uq_shelves_label ON library.shelves (label);`,
  '0001_create_shelves.down.sql': 'DROP TABLE IF EXISTS library.shelves;',
  '0002_create_books.up.sql': `CREATE TABLE IF NOT EXISTS library.books (
    id uuid NOT NULL, shelf_id uuid NOT NULL, pages int8, CONSTRAINT pk_books PRIMARY KEY (id),
    CONSTRAINT fk_books_shelf_id FOREIGN KEY (shelf_id) REFERENCES library.shelves (id) ON DELETE CASCADE);
    CREATE INDEX IF NOT EXISTS idx_books_shelf_id ON library.books (shelf_id) WHERE pages IS NOT NULL;
    CREATE OR REPLACE VIEW library.long_books AS SELECT id FROM library.books WHERE pages > 500;`,
  '0002_create_books.down.sql': 'DROP VIEW IF EXISTS library.long_books; DROP TABLE IF EXISTS library.books;',
} as const;
