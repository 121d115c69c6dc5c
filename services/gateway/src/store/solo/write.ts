import { AppError } from '@guildhall/errors';
import Sqlite from 'better-sqlite3';

const retryAfterSeconds = 2;

/** What a user of this machine can do something about, by the beginning of SQLite's code. */
const refusals: readonly (readonly [code: string, detail: string])[] = [
  ['SQLITE_FULL', "This machine's disk is full: nothing of this change was kept. Make room, and send it again."],
  ['SQLITE_BUSY', 'Another program is writing to the data file: nothing of this change was kept. Send it again.'],
  ['SQLITE_IOERR', 'The data file cannot be written right now: nothing of this change was kept. The log says why.'],
  ['SQLITE_READONLY', 'The data file may not be written: nothing of this change was kept. The log says why.'],
];

const refusalOf = (cause: unknown): unknown => {
  const known = cause instanceof Sqlite.SqliteError ? refusals.find(([code]) => cause.code.startsWith(code)) : undefined;
  return known === undefined ? cause : new AppError('SERVICE_UNAVAILABLE', known[1], { cause, retryAfterSeconds });
};

/** Runs a change as one transaction that nothing gets between. Throws SERVICE_UNAVAILABLE when the file cannot take it. */
export type WriteAtOnce = (change: () => boolean) => boolean;

/** Immediate: takes the write lock first, so that what was looked at is still so when it is changed. */
export const createWriteAtOnce =
  (sqlite: Sqlite.Database): WriteAtOnce =>
  (change) => {
    try {
      return sqlite.transaction(change).immediate();
    } catch (error) {
      throw refusalOf(error);
    }
  };
