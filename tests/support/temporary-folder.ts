import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** A file system in memory (tmpfs), where there is one. */
const memory = '/dev/shm';
const freeBytesMin = 2_147_483_648;
const ownedName = /^guildhall-tests\.(\d+)$/;
/** The mode of /tmp: PostgreSQL that is started by root runs as another user. */
const everyonesMode = 0o1777;

const hasRoom = (): boolean => {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= freeBytesMin;
  } catch {
    return false;
  }
};

/** Removes the temporary folders of runs that have ended. */
export const removeTemporaryFolders = (hasEnded: (runId: number) => boolean): void => {
  if (!existsSync(memory)) return;
  for (const name of readdirSync(memory)) {
    const runId = ownedName.exec(name)?.[1];
    if (runId !== undefined && hasEnded(Number(runId))) rmSync(join(memory, name), { recursive: true, force: true });
  }
};

/**
 * Keeps the temporary files of this run and its workers in memory, where the machine has room for them: a data file waits for the disk with
 * each change, which is a fifth of the time of the tests of solo work.
 */
export const keepTemporaryFilesInMemory = (runId: number): void => {
  if (!hasRoom()) return;
  const folder = join(memory, `guildhall-tests.${runId}`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, everyonesMode);
  process.env['TMPDIR'] = folder;
};
