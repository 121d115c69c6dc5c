import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { migrateSqliteUp } from '@guildhall/migrate';
import Sqlite from 'better-sqlite3';
import { examineSoloFile } from './examine.ts';
import { busyTimeoutMs, unusableFile, makePrivate, migrationsFolder, resolveSoloFile } from './file.ts';
import { lockSoloFile, type SoloLock } from './lock.ts';
import { traceStatements } from './trace-statements.ts';

export interface SoloDatabase {
  readonly sqlite: Sqlite.Database;
  close(): void;
}

/**
 * Up to this size every start checks every page, which takes about 1.3 ms per MB. A larger file is checked only if its last
 * process did not close it.
 */
const alwaysExaminedBytesMax = 256 * 1024 * 1024;

/** Copies from before a migration that changed data; older ones are removed. */
const copiesKeptMax = 3;

const configure = (sqlite: Sqlite.Database): void => {
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  // What is deleted or replaced is overwritten: a secret that ended is not left in a free page.
  sqlite.pragma('secure_delete = ON');
};

/** Whether the last writer was killed. A reader may leave an empty write-ahead log, a writer one with changes. */
const wasInterrupted = (file: string, { wasLeft }: SoloLock): boolean =>
  wasLeft || ['-wal', '-journal'].some((ending) => existsSync(`${file}${ending}`) && statSync(`${file}${ending}`).size > 0);

const removeOldCopies = (file: string): void => {
  const folder = path.dirname(file);
  const isCopy = (name: string): boolean => /^\.before-\d{4}_\w+$/.test(name.slice(path.basename(file).length));
  const copies = readdirSync(folder).filter((name) => name.startsWith(path.basename(file)) && isCopy(name));
  for (const name of copies.toSorted().slice(0, -copiesKeptMax)) rmSync(path.join(folder, name));
};

const openAndMigrate = (file: string): Sqlite.Database => {
  const sqlite = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    configure(sqlite);
    if (migrateSqliteUp(sqlite, migrationsFolder).length > 0) removeOldCopies(file);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
};

const openLocked = (file: string, lock: SoloLock, onNote: (note: string) => void): Sqlite.Database => {
  makePrivate(file, onNote);
  const isThorough = statSync(file).size <= alwaysExaminedBytesMax || wasInterrupted(file, lock);
  examineSoloFile(file, { isNew: 'allowed', isThorough });
  return openAndMigrate(file);
};

const openResolved = (file: string, onNote: (note: string) => void): SoloDatabase => {
  const lock = lockSoloFile(file);
  try {
    const sqlite = openLocked(file, lock, onNote);
    traceStatements(sqlite);
    const close = (): void => {
      if (!sqlite.open) return;
      sqlite.close();
      lock.release('clean');
    };
    return { sqlite, close };
  } catch (error) {
    lock.release('failed');
    throw error;
  }
};

/**
 * Opens the file of settings and solo workspaces for this process alone, creates it if there is none, and migrates it. Rejects
 * with what to do, leaving the file as it is, if another process uses it, or if it is damaged, locked, read-only, of another
 * program or newer than this one. `onNote` gets a sentence for each file mode that was corrected.
 */
export const openSoloDatabase = async (file: string, onNote: (note: string) => void = () => {}): Promise<SoloDatabase> => {
  try {
    return openResolved(resolveSoloFile(file), onNote);
  } catch (cause) {
    throw unusableFile('data file', file, cause);
  }
};
