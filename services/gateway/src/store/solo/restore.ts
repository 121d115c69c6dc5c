import { existsSync, linkSync, renameSync } from 'node:fs';
import path from 'node:path';
import { syncToDisk } from '@guildhall/files';
import Sqlite from 'better-sqlite3';
import { examineSoloFile } from './examine.ts';
import { copySoloFile, removeCopy, type OnCopied } from './backup.ts';
import { busyTimeoutMs, unusableFile, removeSideFiles, resolveSoloFile } from './file.ts';
import { lockSoloFile } from './lock.ts';

export interface SoloRestore {
  /** The data file that is replaced. */
  readonly file: string;
  readonly backup: string;
  /** The suffix under which the current file is kept: `<file>.replaced-<time>`. */
  readonly time: string;
  readonly onCopied: OnCopied;
}

/** Checkpoints the write-ahead log into the file. False if that is not possible, as for a damaged file. */
const checkpointWal = (file: string): boolean => {
  try {
    examineSoloFile(file, { isNew: 'allowed', isThorough: true });
    const sqlite = new Sqlite(file, { timeout: busyTimeoutMs });
    try {
      sqlite.pragma('journal_mode = DELETE');
    } finally {
      sqlite.close();
    }
    return !existsSync(`${file}-wal`);
  } catch {
    return false;
  }
};

/** Links the current file to its new name. It stays in place until the restored one replaces it. A damaged file keeps its log. */
const keepCurrent = (file: string, kept: string): void => {
  const isOneFile = checkpointWal(file);
  linkSync(file, kept);
  if (!isOneFile && existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  removeSideFiles(file);
};

/** Copies the backup and examines the copy: the backup is only read, and the examined file is the one that is used. */
const prepareCopy = async ({ backup, onCopied }: SoloRestore, ready: string): Promise<void> => {
  try {
    if (!existsSync(backup)) throw new Error('there is no such file');
    await copySoloFile(backup, ready, onCopied);
    examineSoloFile(ready, { isNew: 'refused', isThorough: true });
  } catch (cause) {
    removeCopy(ready);
    throw unusableFile('backup', backup, cause);
  }
};

const replace = async (restore: SoloRestore, file: string): Promise<string | null> => {
  const ready = `${file}.restoring`;
  removeCopy(ready);
  await prepareCopy(restore, ready);
  const kept = existsSync(file) ? `${file}.replaced-${restore.time}` : null;
  if (kept === null) removeSideFiles(file);
  else keepCurrent(file, kept);
  renameSync(ready, file);
  syncToDisk(path.dirname(file));
  return kept;
};

/**
 * Puts a copy of a backup in the place of the data file, at once or not at all, and answers where the present file is
 * kept; null when there was none. Throws, changing nothing, while a process uses the file, and for a backup that is
 * damaged, newer than this program or not Guildhall's.
 */
export const restoreSoloFile = async (restore: SoloRestore): Promise<string | null> => {
  const file = resolveSoloFile(restore.file);
  const lock = lockOf(file);
  try {
    const kept = await replace(restore, file);
    lock.release('clean');
    return kept;
  } catch (error) {
    lock.release('failed');
    throw error;
  }
};

const lockOf = (file: string) => {
  try {
    return lockSoloFile(file);
  } catch (cause) {
    throw unusableFile('data file', file, cause);
  }
};
