import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@guildhall/testkit';

/** Folders that tests make below the clone. Each has the process id of its run in its name, so that what a run leaves can be found. */

const scratch = join(import.meta.dirname, '..', '..', '.tmp');
/** The folders in which a stack and the outage tests keep PostgreSQL. */
const postgresFolders = ['postgres', 'server'];
const ownedName = /\.(\d+)-[^-]{6}$/;

/** The environment variable with the process id of a whole test run; its workers inherit it. */
export const testRunVariable = 'GUILDHALL_TEST_RUN';

/**
 * A new folder for what one test file starts. Others may enter it, as they may enter .data: PostgreSQL that is started by root
 * runs as another user.
 */
export const scratchFolder = (name: string): string => {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, `${name}.${process.env[testRunVariable] ?? process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
};

/** Removes a scratch folder. A PostgreSQL that still runs in it is stopped first. */
export const removeScratchFolder = async (folder: string): Promise<void> => {
  for (const name of postgresFolders) await removeEmbeddedPostgres(join(folder, name));
  rmSync(folder, { recursive: true, force: true });
};

/** Removes what runs left behind, with the servers in it: a hook that ran into its time-out, a worker that was killed. */
export const removeLeftovers = async (hasEnded: (runId: number) => boolean): Promise<void> => {
  if (!existsSync(scratch)) return;
  for (const name of readdirSync(scratch)) {
    const runId = ownedName.exec(name)?.[1];
    if (runId !== undefined && hasEnded(Number(runId))) await removeScratchFolder(join(scratch, name));
  }
};
