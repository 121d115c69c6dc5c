import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { migrateSqliteUp } from '@guildhall/migrate';
import Sqlite from 'better-sqlite3';

export interface SoloDatabase {
  readonly sqlite: Sqlite.Database;
  close(): void;
}

/** How long a statement waits for another process that writes to the file. */
const busyTimeoutMs = 5_000;
const migrationsFolder = path.resolve(import.meta.dirname, '../../migrations');

/** The file and its folder are readable by their user alone. SQLite gives its side files the rights of the file. */
const makePrivate = (file: string): void => {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
};

const configure = (sqlite: Sqlite.Database): void => {
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
};

/**
 * Opens the file of settings and solo workspaces, making it when it is not there, and migrates it. Rejects, leaving the
 * file as it is, when it is no SQLite file, is locked, or is newer than this program.
 */
export const openSoloDatabase = async (file: string): Promise<SoloDatabase> => {
  makePrivate(file);
  const sqlite = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    configure(sqlite);
    migrateSqliteUp(sqlite, migrationsFolder);
  } catch (cause) {
    sqlite.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The data file ${file} cannot be used: ${reason}`, { cause });
  }
  return { sqlite, close: () => void sqlite.close() };
};
