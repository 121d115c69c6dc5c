import { chmodSync, renameSync, rmSync } from 'node:fs';
import { messageOf } from './connection.ts';
import { readMigrations, type MigrationFile } from './migration-files.ts';
import { bookkeepingTables } from './names.ts';
import { downSteps, redoSteps, upSteps, type Step } from './steps.ts';
import {
  checkSqlite,
  ensureRecords,
  forgetSqlite,
  readRecordedSqlite,
  recordSqlite,
  sqliteMigrationStatus,
  type Database,
} from './sqlite-recorded.ts';
import { shortened, splitStatements } from './statements.ts';

export type { Database } from './sqlite-recorded.ts';

export interface SqliteMigrateOptions {
  /** Called after each file. */
  readonly onProgress?: (step: { readonly direction: 'up' | 'down'; readonly name: string; readonly tookMs: number }) => void;
  /** The largest number of migrations to run. Up: all by default. Down: one by default. */
  readonly count?: number;
}

const changesDataPattern = /\b(?:UPDATE|DELETE|REPLACE|DROP|ALTER|INSERT)\b/i;
/** Matches referential actions (`ON DELETE CASCADE`), which change no rows when they are declared. */
const referenceActions = /\bON\s+(?:DELETE|UPDATE)\s+(?:CASCADE|RESTRICT|SET\s+\w+|NO\s+ACTION)/gi;

const changesData = (text: string): boolean =>
  changesDataPattern.test(text.replaceAll(/--.*$/gm, '').replaceAll(referenceActions, ''));

const isInMemory = ({ name }: Database): boolean => name === ':memory:' || name === '';

/** Copies the database: written to a temporary file and renamed, so that a copy that exists is complete. */
const keepCopy = (db: Database, name: string): void => {
  const copy = `${db.name}.before-${name}`;
  rmSync(`${copy}.making`, { force: true });
  db.prepare('VACUUM INTO ?').run(`${copy}.making`);
  chmodSync(`${copy}.making`, 0o600);
  renameSync(`${copy}.making`, copy);
};

const checkReferences = (db: Database, name: string): void => {
  const broken = db.pragma('foreign_key_check');
  if (Array.isArray(broken) && broken.length > 0) throw new Error(`Migration ${name} leaves rows that violate a foreign key.`);
};

class StatementFailed extends Error {}

const execute = (db: Database, sql: string): void => {
  const statements = splitStatements(sql);
  for (const [index, statement] of statements.entries()) {
    try {
      db.exec(statement);
    } catch (cause) {
      throw new StatementFailed(
        ` at statement ${index + 1} of ${statements.length}: ${messageOf(cause)}\n  ${shortened(statement)}`,
        { cause },
      );
    }
  }
};

const failure = (db: Database, { name }: MigrationFile, direction: string, cause: unknown): Error => {
  const reason = cause instanceof StatementFailed ? cause.message : `: ${messageOf(cause)}`;
  return new Error(
    `${name}.${direction}.sql failed in ${db.name}${reason}\nNothing of ${name} is left in the file, and all before it stays. Put right what SQLite names, and run ${direction} again: it goes on with ${name}.`,
    { cause },
  );
};

/**
 * Runs one file and its record in one transaction, unless another process was first. Foreign keys are checked at the end
 * instead of at each statement, so that a table can be rebuilt.
 */
const runFile = (db: Database, migration: MigrationFile, direction: 'up' | 'down'): boolean => {
  const run = db.transaction((): boolean => {
    const startedAt = performance.now();
    ensureRecords(db);
    const isRecorded = readRecordedSqlite(db).some(({ name }) => name === migration.name);
    if (isRecorded === (direction === 'up')) return false;
    execute(db, direction === 'up' ? migration.upSql : migration.downSql);
    checkReferences(db, migration.name);
    if (direction === 'up') recordSqlite(db, migration, Math.round(performance.now() - startedAt));
    else forgetSqlite(db, migration);
    return true;
  });
  const checksReferences = db.pragma('foreign_keys', { simple: true }) === 1;
  db.pragma('foreign_keys = OFF');
  try {
    return run.immediate();
  } catch (cause) {
    throw failure(db, migration, direction, cause);
  } finally {
    if (checksReferences) db.pragma('foreign_keys = ON');
  }
};

/** Keeps a copy before a step that changes data. A file that had no migrations when the run began has none to lose. */
const keepCopyBefore = (
  db: Database,
  migration: MigrationFile,
  step: Step,
  { isFirst, isNewFile }: { readonly isFirst: boolean; readonly isNewFile: boolean },
): void => {
  if (isInMemory(db)) return;
  if (step.direction === 'down' && isFirst) keepCopy(db, `down-${migration.name}`);
  if (step.direction === 'up' && !isNewFile && changesData(migration.upSql)) keepCopy(db, migration.name);
};

const runSteps = (
  db: Database,
  folder: string,
  steps: readonly Step[],
  onProgress: SqliteMigrateOptions['onProgress'],
): readonly string[] => {
  const migrations = readMigrations(folder);
  const isNewFile = readRecordedSqlite(db).length === 0;
  return steps.flatMap((step, index) => {
    const migration = migrations.find(({ name }) => name === step.name);
    if (migration === undefined) throw new Error(`${step.name} is gone from ${folder} while it was being run.`);
    checkSqlite(db, migrations);
    keepCopyBefore(db, migration, step, { isFirst: index === 0, isNewFile });
    const startedAt = performance.now();
    if (!runFile(db, migration, step.direction)) return [];
    onProgress?.({ ...step, tookMs: Math.round(performance.now() - startedAt) });
    return [step.name];
  });
};

/**
 * Applies the pending migrations, each file in its own transaction, and returns their names. Before a file that changes
 * existing data, a copy is kept as `<file>.before-<name>`. Throws without a change if files and database contradict each
 * other, as when the file is newer than the folder.
 */
export const migrateSqliteUp = (
  db: Database,
  folder: string,
  { count, onProgress }: SqliteMigrateOptions = {},
): readonly string[] => runSteps(db, folder, upSteps(sqliteMigrationStatus(db, folder), count), onProgress);

/** Rolls back the last `count` migrations, newest first, after copying the file. */
export const migrateSqliteDown = (
  db: Database,
  folder: string,
  { count, onProgress }: SqliteMigrateOptions = {},
): readonly string[] => runSteps(db, folder, downSteps(sqliteMigrationStatus(db, folder), count), onProgress);

/** Rolls back the last `count` migrations and applies them again, after copying the file. */
export const migrateSqliteRedo = (
  db: Database,
  folder: string,
  { count, onProgress }: SqliteMigrateOptions = {},
): readonly string[] =>
  runSteps(db, folder, redoSteps(sqliteMigrationStatus(db, folder), count), onProgress).slice(-(count ?? 1));

/** A comma outside of parentheses. SQLite writes an added column on the line of the last one. */
const betweenColumns = /, (?![^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\))/g;

/** A statement as it is described: a line for each column, without spaces at its end. */
const describeStatement = (sql: string): string =>
  `${sql
    .split('\n')
    .map((line) => line.replaceAll(betweenColumns, ',\n  ').trimEnd())
    .join('\n')
    .trim()};\n`;

/** Describes the file as SQL in a fixed order: every table, index and view. Equal texts mean equal schemas. */
export const describeSqliteCatalog = (db: Database): string =>
  db
    .prepare<string[], { sql: string }>(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT IN (${bookkeepingTables.map(() => '?').join(', ')}) AND name NOT LIKE 'sqlite_%'
       ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`,
    )
    .all(...bookkeepingTables)
    .map(({ sql }) => describeStatement(sql))
    .join('\n');
