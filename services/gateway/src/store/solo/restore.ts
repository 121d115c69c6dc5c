import { existsSync, linkSync, renameSync } from 'node:fs';
import path from 'node:path';
import { syncToDisk } from '@guildhall/files';
import Sqlite from 'better-sqlite3';
import { examineSoloFile } from './examine.ts';
import { copySoloFile, removeCopy, type OnCopied } from './backup.ts';
import { busyTimeoutMs, cannotBeUsed, removeSideFiles, resolveSoloFile } from './file.ts';
import { lockSoloFile } from './lock.ts';

export interface SoloRestore {
  /** The data file that is replaced. */
  readonly file: string;
  readonly backup: string;
  /** Names what the present file is kept as: `<file>.replaced-<time>`. */
  readonly time: string;
  readonly onCopied: OnCopied;
}

/** Whether the last changes, which may lie beside the file, are in the file itself now. Never so for a damaged one. */
const foldIn = (file: string): boolean => {
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

/** The file stays where it is until the new one takes its name; of a damaged one the changes beside it are kept, too. */
const keepPresent = (file: string, kept: string): void => {
  const isOneFile = foldIn(file);
  linkSync(file, kept);
  if (!isOneFile && existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  removeSideFiles(file);
};

/** Copied first: what is examined is what will be used, and the backup is only read. */
const makeReady = async ({ backup, onCopied }: SoloRestore, ready: string): Promise<void> => {
  try {
    if (!existsSync(backup)) throw new Error('there is no such file');
    await copySoloFile(backup, ready, onCopied);
    examineSoloFile(ready, { isNew: 'refused', isThorough: true });
  } catch (cause) {
    removeCopy(ready);
    throw cannotBeUsed('backup', backup, cause);
  }
};

const replace = async (restore: SoloRestore, file: string): Promise<string | null> => {
  const ready = `${file}.restoring`;
  removeCopy(ready);
  await makeReady(restore, ready);
  const kept = existsSync(file) ? `${file}.replaced-${restore.time}` : null;
  if (kept === null) removeSideFiles(file);
  else keepPresent(file, kept);
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
    throw cannotBeUsed('data file', file, cause);
  }
};
