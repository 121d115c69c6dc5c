import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createEmptyFile } from '@guildhall/files';
import Sqlite from 'better-sqlite3';

export const migrationsFolder = path.resolve(import.meta.dirname, '../../../migrations');

/** The longest wait of a statement for another process that writes to the file. */
export const busyTimeoutMs = 5_000;

/** The longest wait of a start or a backup for another program that has locked the whole file. */
export const lockedTimeoutMs = 1_500;

/** The side files of SQLite: beside the file while it is open, or left there by a killed process. */
const sideEndings = ['-wal', '-shm', '-journal'] as const;

/** The canonical path of a file, links resolved. Creates its folder with mode 0700 if there is none. */
export const resolveSoloFile = (file: string): string => {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  return existsSync(file) ? realpathSync(file) : path.join(realpathSync(path.dirname(file)), path.basename(file));
};

const othersRights = 0o077;

/**
 * Creates the file if there is none, and makes it and its side files private to its user, with a note of each that was not.
 * SQLite gives its side files the mode of the file. Throws if the file may not be written.
 */
export const makePrivate = (file: string, onNote: (note: string) => void): void => {
  if (!existsSync(file)) createEmptyFile(file);
  if (!statSync(file).isFile()) throw new Error('it is not a file. Give the name of one, or of one to make');
  if ((statSync(file).mode & 0o200) === 0) throw new Error(`it is read-only. Allow writing first: chmod u+w ${file}`);
  for (const place of [file, ...['-wal', '-shm', '.lock', '.pid'].map((ending) => `${file}${ending}`)]) {
    const mode = existsSync(place) ? statSync(place).mode : 0;
    if ((mode & othersRights) === 0) continue;
    chmodSync(place, mode & 0o700);
    onNote(`other users of this machine could open ${place}: it is private now`);
  }
};

export const removeSideFiles = (file: string): void => {
  for (const ending of sideEndings) rmSync(`${file}${ending}`, { force: true });
};

/** The remedies for SQLite's errors, by the beginning of their code. */
const remedies: readonly (readonly [code: string, reason: string])[] = [
  ['SQLITE_NOTADB', 'it is no SQLite database. Check the name, or put a backup in its place: make solo-restore FILE=<backup>'],
  ['SQLITE_CORRUPT', 'it is damaged. Put a backup in its place: make solo-restore FILE=<backup>'],
  ['SQLITE_BUSY', 'another program has locked it. Close that program, and try again'],
  ['SQLITE_FULL', 'the disk is full. Make room, and try again'],
  ['SQLITE_READONLY', 'it, or its folder, may not be written by this user'],
  ['SQLITE_CANTOPEN', 'it cannot be opened: check that it is a file, and that this user may write its folder'],
];

const reasonOf = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof Sqlite.SqliteError)) return message;
  const remedy = remedies.find(([code]) => cause.code.startsWith(code));
  return remedy === undefined ? message : `${remedy[1]}. (${cause.code}: ${message})`;
};

/** An Error that names the file that cannot be used, the reason, and what to do. */
export const unusableFile = (what: string, file: string, cause: unknown): Error =>
  new Error(`The ${what} ${file} cannot be used: ${reasonOf(cause)}`, { cause });
