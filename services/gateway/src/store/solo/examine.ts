import { existsSync, statSync } from 'node:fs';
import { migrationNames, sqliteMigrationStatus } from '@guildhall/migrate';
import Sqlite from 'better-sqlite3';
import { lockedTimeoutMs, migrationsFolder } from './file.ts';

const damagesShownMax = 3;

const damaged = (details: readonly string[]): Error =>
  new Error(
    `it is damaged (${details.slice(0, damagesShownMax).join('; ')}) and was left as it is. Put a backup in its place: make solo-restore FILE=<backup>`,
  );

const requireIntact = (sqlite: Sqlite.Database): void => {
  const found = sqlite.prepare<[], { quick_check: string }>('PRAGMA quick_check').all();
  const details = found.map(({ quick_check: detail }) => detail.replaceAll(/\s+/g, ' ')).filter((detail) => detail !== 'ok');
  if (details.length > 0) throw damaged(details);
  const lost = sqlite.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check').all();
  if (lost.length > 0) throw damaged(lost.map(({ table, parent }) => `a row of ${table} refers to nothing in ${parent}`));
};

const hasAny = (sqlite: Sqlite.Database, where: string): boolean =>
  sqlite.prepare(`SELECT 1 FROM sqlite_schema WHERE ${where}`).get() !== undefined;

/** Throws for a file of another program: it has tables, and no record of the first migration. */
const requireGuildhall = (sqlite: Sqlite.Database, isNew: 'allowed' | 'refused'): void => {
  if (isNew === 'allowed' && !hasAny(sqlite, `name NOT LIKE 'sqlite_%'`)) return;
  const first = migrationNames(migrationsFolder)[0];
  const knowsFirst =
    hasAny(sqlite, `type = 'table' AND name = 'schema_migrations'`) &&
    sqlite.prepare('SELECT 1 FROM schema_migrations WHERE name = ?').get(first) !== undefined;
  if (!knowsFirst) throw new Error('it is not a data file of Guildhall. Check the name: nothing in it was changed');
};

export interface Examination {
  /** Whether an empty file is accepted, as a new one. */
  readonly isNew: 'allowed' | 'refused';
  /** Whether every page and every foreign key is checked too. */
  readonly isThorough: boolean;
}

/**
 * Throws an Error that says what to do unless the file is intact, Guildhall's, and not newer than this program. It is opened
 * read-only, so that a refused file is left as it was. SQLite first rolls back a transaction that was interrupted, as it must
 * before any read.
 */
export const examineSoloFile = (file: string, { isNew, isThorough }: Examination): void => {
  const wal = `${file}-wal`;
  if (statSync(file).size === 0 && existsSync(wal) && statSync(wal).size > 0)
    throw damaged(['nothing is left of it but its last changes']);
  const isCut = existsSync(`${file}-journal`);
  const sqlite = new Sqlite(file, { readonly: !isCut, fileMustExist: true, timeout: lockedTimeoutMs });
  try {
    sqlite.pragma('trusted_schema = OFF');
    requireGuildhall(sqlite, isNew);
    sqliteMigrationStatus(sqlite, migrationsFolder);
    if (isThorough) requireIntact(sqlite);
  } finally {
    sqlite.close();
  }
};
