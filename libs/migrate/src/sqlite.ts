import { chmodSync, renameSync, rmSync } from 'node:fs';
import type BetterSqlite from 'better-sqlite3';
import { readMigrations, type MigrationFile } from './migration-files.ts';
import { checkHistory, migrationsTable } from './names.ts';
import type { MigrationState } from './postgres.ts';

export type Database = BetterSqlite.Database;

export interface SqliteMigrateOptions {
  /** Told after each file. */
  readonly onProgress?: (step: { readonly direction: 'up' | 'down'; readonly name: string }) => void;
  /** How many at most. Up: all by default. Down: one by default. */
  readonly count?: number;
}

interface Recorded {
  readonly name: string;
  readonly applied_at: string;
}

const createTable = `CREATE TABLE IF NOT EXISTS ${migrationsTable} (name text NOT NULL PRIMARY KEY, applied_at text NOT NULL)`;

const readRecorded = (db: Database): readonly Recorded[] => {
  const hasTable = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(migrationsTable) !== undefined;
  if (!hasTable) return [];
  return db.prepare<[], Recorded>(`SELECT name, applied_at FROM ${migrationsTable} ORDER BY name`).all();
};

const checkFile = (db: Database, migrations: readonly MigrationFile[]): readonly string[] => {
  const recorded = readRecorded(db).map(({ name }) => name);
  checkHistory(
    `The file ${db.name}`,
    migrations.map(({ name }) => name),
    recorded,
  );
  return recorded;
};

/** Every known migration and when it was applied. Throws when the file is newer than the folder. */
export const sqliteMigrationStatus = (db: Database, folder: string): readonly MigrationState[] => {
  const migrations = readMigrations(folder);
  checkFile(db, migrations);
  const recorded = readRecorded(db);
  return migrations.map(({ name }) => ({ name, appliedAt: recorded.find((row) => row.name === name)?.applied_at ?? null }));
};

const changesDataPattern = /\b(?:UPDATE|DELETE|REPLACE|DROP|ALTER|INSERT)\b/i;
/** What only fires later (`ON DELETE CASCADE`) changes nothing now. */
const referenceActions = /\bON\s+(?:DELETE|UPDATE)\s+(?:CASCADE|RESTRICT|SET\s+\w+|NO\s+ACTION)/gi;

const changesData = (text: string): boolean =>
  changesDataPattern.test(text.replaceAll(/--.*$/gm, '').replaceAll(referenceActions, ''));

const isInMemory = ({ name }: Database): boolean => name === ':memory:' || name === '';

/** Written beside the file and renamed, so that a copy that is there is whole. */
const keepCopy = (db: Database, name: string): void => {
  const copy = `${db.name}.before-${name}`;
  rmSync(`${copy}.making`, { force: true });
  db.prepare('VACUUM INTO ?').run(`${copy}.making`);
  chmodSync(`${copy}.making`, 0o600);
  renameSync(`${copy}.making`, copy);
};

const checkReferences = (db: Database, name: string): void => {
  const broken = db.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0) throw new Error(`Migration ${name} leaves rows that refer to nothing.`);
};

/**
 * Runs one file and its record in one transaction, unless another process was first. References are checked at the
 * end instead of at each statement, so that a table can be made anew.
 */
const runFile = (db: Database, migration: MigrationFile, direction: 'up' | 'down'): boolean => {
  const run = db.transaction((): boolean => {
    db.exec(createTable);
    const isRecorded = readRecorded(db).some(({ name }) => name === migration.name);
    if (isRecorded === (direction === 'up')) return false;
    db.exec(direction === 'up' ? migration.upSql : migration.downSql);
    checkReferences(db, migration.name);
    if (direction === 'up') {
      db.prepare(`INSERT INTO ${migrationsTable} (name, applied_at) VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`).run(
        migration.name,
      );
    } else {
      db.prepare(`DELETE FROM ${migrationsTable} WHERE name = ?`).run(migration.name);
    }
    return true;
  });
  const checksReferences = db.pragma('foreign_keys', { simple: true }) === 1;
  db.pragma('foreign_keys = OFF');
  try {
    return run.immediate();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Migration ${migration.name} (${direction}) failed in ${db.name}: ${reason}`, { cause });
  } finally {
    if (checksReferences) db.pragma('foreign_keys = ON');
  }
};

/**
 * Applies what is pending, each file in a transaction, and answers the names. Before a file that changes data which is
 * already there, a copy is kept as `<file>.before-<name>`. Throws without a change when the file is newer than the folder.
 */
export const migrateSqliteUp = (
  db: Database,
  folder: string,
  { count, onProgress }: SqliteMigrateOptions = {},
): readonly string[] => {
  const migrations = readMigrations(folder);
  const recorded = checkFile(db, migrations);
  const applied: string[] = [];
  for (const migration of migrations.slice(recorded.length, count === undefined ? undefined : recorded.length + count)) {
    if (recorded.length > 0 && !isInMemory(db) && changesData(migration.upSql)) keepCopy(db, migration.name);
    if (!runFile(db, migration, 'up')) continue;
    applied.push(migration.name);
    onProgress?.({ direction: 'up', name: migration.name });
  }
  return applied;
};

/** Takes back the last `count` migrations, newest first, keeping a copy of the file before. */
export const migrateSqliteDown = (
  db: Database,
  folder: string,
  { count = 1, onProgress }: SqliteMigrateOptions = {},
): readonly string[] => {
  const migrations = readMigrations(folder);
  const recorded = checkFile(db, migrations);
  const taken = migrations.slice(Math.max(0, recorded.length - Math.max(1, count)), recorded.length).toReversed();
  for (const migration of taken) {
    if (!isInMemory(db) && migration === taken[0]) keepCopy(db, `down-${migration.name}`);
    runFile(db, migration, 'down');
    onProgress?.({ direction: 'down', name: migration.name });
  }
  return taken.map(({ name }) => name);
};

/** What the file consists of: every table, index and view as SQL, in a fixed order. Equal texts mean equal schemas. */
export const describeSqliteCatalog = (db: Database): string =>
  db
    .prepare<[string], { sql: string }>(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> ? AND name NOT LIKE 'sqlite_%'
       ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`,
    )
    .all(migrationsTable)
    .map(({ sql }) => `${sql.replaceAll(/[ \t]+$/gm, '').trim()};\n`)
    .join('\n');
