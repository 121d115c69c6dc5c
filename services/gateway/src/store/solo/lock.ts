import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createEmptyFile, writeFileAtomically } from '@guildhall/files';
import Sqlite from 'better-sqlite3';

/** An exclusive lock on a data file, which ends with its process, however that ends. */
export interface SoloLock {
  /** Whether the last holder ended without releasing it: it was killed, or the machine stopped. */
  readonly wasLeft: boolean;
  /** `clean`: the file is closed and intact. After `failed`, a lock that was left before still counts as left. */
  release(how: 'clean' | 'failed'): void;
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Names the holder for a message. The operating system alone decides which process holds the lock. */
const holderIn = (pidFile: string): string => {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : Number.NaN;
  return Number.isInteger(pid) && pid > 0 && isRunning(pid) ? `process ${pid}` : 'another process';
};

const inUse = (pidFile: string): Error =>
  new Error(
    `${holderIn(pidFile)} is using it. Stop that one first (Ctrl-C where it runs, or make down), or give this one a file of its own.`,
  );

/**
 * Takes the lock of a data file: a transaction on an empty SQLite file beside it that lasts as long as the process, so
 * that the data itself stays readable for a backup. Throws, naming the process that has it, when it is taken.
 */
export const lockSoloFile = (file: string): SoloLock => {
  const pidFile = `${file}.pid`;
  // Private before SQLite opens it. One that is there is never opened here: closing it would give up its locks.
  createEmptyFile(`${file}.lock`);
  const holding = new Sqlite(`${file}.lock`, { timeout: 0 });
  try {
    holding.exec('BEGIN EXCLUSIVE');
    const wasLeft = existsSync(pidFile);
    writeFileAtomically(pidFile, `${process.pid}\n`);
    return {
      wasLeft,
      release(how) {
        if (how === 'clean' || !wasLeft) rmSync(pidFile, { force: true });
        holding.close();
      },
    };
  } catch (error) {
    holding.close();
    throw error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY') ? inUse(pidFile) : error;
  }
};
