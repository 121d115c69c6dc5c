import type BetterSqlite from 'better-sqlite3';
import { readMigrations, type MigrationFile } from './migration-files.ts';
import { checkHistory, checksumsTable, migrationsTable } from './names.ts';
import { checkRecorded, statesOf, type MigrationState, type Recorded } from './recorded.ts';

export type Database = BetterSqlite.Database;

const hasTable = (db: Database, name: string): boolean =>
  db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(name) !== undefined;

/** Reads the records of a file, also of one that was migrated before checksums were kept, or never. */
export const readRecordedSqlite = (db: Database): readonly Recorded[] => {
  if (!hasTable(db, migrationsTable)) return [];
  const columns = hasTable(db, checksumsTable)
    ? `c.took_ms AS tookMs, c.up_sha256 AS upChecksum, c.down_sha256 AS downChecksum
       FROM ${migrationsTable} m LEFT JOIN ${checksumsTable} c ON c.name = m.name`
    : `NULL AS tookMs, NULL AS upChecksum, NULL AS downChecksum FROM ${migrationsTable} m`;
  return db.prepare<[], Recorded>(`SELECT m.name, m.applied_at AS appliedAt, ${columns} ORDER BY m.name`).all();
};

const whereOf = (db: Database): string => `The file ${db.name}`;

/** Reads the records of a file. Throws an Error if files and database contradict each other. */
export const checkSqlite = (db: Database, migrations: readonly MigrationFile[]): readonly Recorded[] => {
  const recorded = readRecordedSqlite(db);
  checkRecorded(whereOf(db), migrations, recorded);
  return recorded;
};

/** Reads every known migration and when it was applied. Throws an Error if files and database contradict each other. */
export const sqliteMigrationStatus = (db: Database, folder: string): readonly MigrationState[] => {
  const migrations = readMigrations(folder);
  return statesOf(migrations, checkSqlite(db, migrations));
};

/** Reads the status for a report, which states a contradiction between files and database as `fault` instead of throwing. */
export const sqliteSchemaStatus = (
  db: Database,
  folder: string,
): { readonly version: string; readonly states: readonly MigrationState[]; readonly fault: string | null } => {
  const migrations = readMigrations(folder);
  const states = statesOf(migrations, readRecordedSqlite(db));
  const version = db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()?.version ?? '';
  try {
    checkSqlite(db, migrations);
    return { version, states, fault: null };
  } catch (error) {
    return { version, states, fault: error instanceof Error ? error.message : String(error) };
  }
};

export const ensureRecords = (db: Database): void => {
  db.exec(`CREATE TABLE IF NOT EXISTS ${migrationsTable} (name text NOT NULL PRIMARY KEY, applied_at text NOT NULL)`);
  db.exec(
    `CREATE TABLE IF NOT EXISTS ${checksumsTable}
     (name text NOT NULL PRIMARY KEY, up_sha256 text NOT NULL, down_sha256 text NOT NULL, took_ms integer)`,
  );
};

const recordChecksums = (db: Database, { name, upChecksum, downChecksum }: MigrationFile, tookMs: number | null): void => {
  db.prepare(`INSERT OR REPLACE INTO ${checksumsTable} (name, up_sha256, down_sha256, took_ms) VALUES (?, ?, ?, ?)`).run(
    name,
    upChecksum,
    downChecksum,
    tookMs,
  );
};

export const recordSqlite = (db: Database, file: MigrationFile, tookMs: number): void => {
  db.prepare(`INSERT INTO ${migrationsTable} (name, applied_at) VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`).run(
    file.name,
  );
  recordChecksums(db, file, tookMs);
};

export const forgetSqlite = (db: Database, { name }: MigrationFile): void => {
  for (const table of [migrationsTable, checksumsTable]) db.prepare(`DELETE FROM ${table} WHERE name = ?`).run(name);
};

/** Records the checksums of the current migrations in a file that was migrated before checksums were kept. */
export const adoptSqliteMigrations = (db: Database, folder: string): readonly string[] =>
  db
    .transaction((): readonly string[] => {
      const migrations = readMigrations(folder);
      const recorded = readRecordedSqlite(db);
      checkHistory(whereOf(db), migrations, recorded);
      const names = recorded.filter(({ upChecksum }) => upChecksum === null).map(({ name }) => name);
      if (names.length === 0) return [];
      ensureRecords(db);
      for (const file of migrations.filter(({ name }) => names.includes(name))) recordChecksums(db, file, null);
      return names;
    })
    .immediate();
