import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Contents } from './contents.ts';

/**
 * Rows for the tables of a step, by the name of the migration: `NNNN_words.sql`, run after `NNNN_words.up.sql` and before the
 * next step. They lie beside the folder of migrations, in which every file is a migration and never changes.
 */
export interface Fixtures {
  readonly folder: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the fixtures of a folder. Throws an Error that names a file that belongs to no migration. */
export const readFixtures = (folder: string, names: readonly string[]): Fixtures => {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => !file.startsWith('.')) : [];
  for (const file of files) {
    if (!names.includes(file.replace(/\.sql$/, '')) || !file.endsWith('.sql'))
      throw new Error(`${path.join(folder, file)} belongs to no migration: it is named like one, NNNN_words.sql.`);
  }
  const texts = files.map((file) => [file.replace(/\.sql$/, ''), readFileSync(path.join(folder, file), 'utf8')] as const);
  return { folder, texts: new Map(texts) };
};

/** Throws an Error that names the migration and the tables that have no rows after it. */
export const checkFilled = (name: string, { folder, texts }: Fixtures, contents: Contents): void => {
  const empty = [...contents].filter(([, { rows }]) => rows.length === 0).map(([table]) => table);
  if (empty.length === 0) return;
  const file = path.join(folder, `${name}.sql`);
  const what = texts.has(name) ? `${file} leaves no row in` : `${file} is missing: ${name} has no fixture for`;
  throw new Error(`${what} ${empty.join(', ')}. The next step must meet rows in every table.`);
};
