import { AppError } from '@guildhall/errors';
import { tracedAtOnce, type SpanStart } from '@guildhall/tracing';
import Sqlite from 'better-sqlite3';

const retryAfterSeconds = 2;

/** The errors that the user of this machine can resolve, by the beginning of SQLite's code. */
const refusals: readonly (readonly [code: string, detail: string])[] = [
  ['SQLITE_FULL', "This machine's disk is full: the change was not stored. Make room, and send it again."],
  ['SQLITE_BUSY', 'Another program is writing to the data file: the change was not stored. Send it again.'],
  ['SQLITE_IOERR', 'The data file cannot be written right now: the change was not stored. The log says why.'],
  ['SQLITE_READONLY', 'The data file may not be written: the change was not stored. The log says why.'],
];

const refusalOf = (cause: unknown): unknown => {
  const known = cause instanceof Sqlite.SqliteError ? refusals.find(([code]) => cause.code.startsWith(code)) : undefined;
  return known === undefined ? cause : new AppError('SERVICE_UNAVAILABLE', known[1], { cause, retryAfterSeconds });
};

/** A span whose time beside that of its statements is the commit to the disk. */
const transactionSpan: SpanStart = { name: 'TRANSACTION', kind: 'client', attributes: { 'db.system.name': 'sqlite' } };

/** Runs a change as one serialized transaction. Throws SERVICE_UNAVAILABLE if the file cannot be written. */
export type WriteAtOnce = (change: () => boolean) => boolean;

/** Takes the write lock first (BEGIN IMMEDIATE), so that the rows that the change reads cannot change before it writes. */
export const createWriteAtOnce =
  (sqlite: Sqlite.Database): WriteAtOnce =>
  (change) => {
    try {
      return tracedAtOnce(
        () => transactionSpan,
        () => sqlite.transaction(change).immediate(),
      );
    } catch (error) {
      throw refusalOf(error);
    }
  };
