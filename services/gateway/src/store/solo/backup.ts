import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createEmptyFile, syncToDisk } from '@guildhall/files';
import Sqlite from 'better-sqlite3';
import { examineSoloFile } from './examine.ts';
import { lockedTimeoutMs, unusableFile, removeSideFiles } from './file.ts';

/** Called with the progress of a copy, from 0 to 1. */
export type OnCopied = (part: number) => void;

const pagesPerStep = 2_000;

/**
 * Copies the database as it is at this moment, also while others write to it: reading begins before the first page, so
 * that what they write meanwhile is neither in the copy nor makes SQLite begin anew. The copy is one private file, on disk.
 */
export const copySoloFile = async (from: string, to: string, onCopied: OnCopied): Promise<void> => {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true, timeout: lockedTimeoutMs });
  try {
    source.exec('BEGIN');
    source.prepare('SELECT 1 FROM sqlite_schema').get();
    if (!createEmptyFile(to)) throw new Error(`${to} is there already`);
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        onCopied(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
        return pagesPerStep;
      },
    });
  } finally {
    source.close();
  }
  makeOneFile(to);
  syncToDisk(to);
};

/** Takes the copy out of WAL mode, so that it is one self-contained file. */
const makeOneFile = (file: string): void => {
  const copy = new Sqlite(file);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
};

export const removeCopy = (file: string): void => {
  rmSync(file, { force: true });
  removeSideFiles(file);
};

export interface SoloBackup {
  readonly file: string;
  readonly target: string;
  readonly onCopied: OnCopied;
}

const makeAndExamine = async ({ file, target, onCopied }: SoloBackup, making: string): Promise<number> => {
  try {
    await copySoloFile(file, making, onCopied);
    examineSoloFile(making, { isNew: 'refused', isThorough: true });
    if (existsSync(target)) throw new Error(`${target} is there already. Give the backup another name.`);
    renameSync(making, target);
    syncToDisk(path.dirname(target));
    return statSync(target).size;
  } catch (error) {
    removeCopy(making);
    throw error;
  }
};

/**
 * Backs the data file up while it is in use, and answers the backup's size in bytes. The backup has its name only once
 * it is whole, examined and on disk. Throws when there is something of that name, or the data is damaged.
 */
export const backUpSoloFile = async (backup: SoloBackup): Promise<number> => {
  const { file, target } = backup;
  if (!existsSync(file)) throw new Error(`There is no data file ${file} to back up.`);
  if (existsSync(target)) throw new Error(`${target} is there already. Give the backup another name.`);
  mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  try {
    return await makeAndExamine(backup, `${target}.making-${process.pid}`);
  } catch (cause) {
    throw unusableFile('data file', file, cause);
  }
};
