import { readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { removeLeftovers, testRunVariable } from './support/scratch-folders.ts';
import { keepTemporaryFilesInMemory, removeTemporaryFolders } from './support/temporary-folder.ts';

const runsFolder = path.resolve(import.meta.dirname, '../.tmp/test-runs');
const processFileOf = (run: string): string => path.join(runsFolder, `${run}.pid`);

/** A process of another user counts as running. */
const isProcessRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const isRunning = (run: string): boolean => {
  try {
    return isProcessRunning(Number(readFileSync(processFileOf(run), 'utf8')));
  } catch {
    return false;
  }
};

const removeRun = async (run: string): Promise<void> => {
  await removeEmbeddedPostgres(path.join(runsFolder, run));
  rmSync(processFileOf(run), { force: true });
};

/** Removes the servers and folders of runs that were killed. */
const removeDeadRuns = async (): Promise<void> => {
  const runs = readdirSync(runsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  for (const run of runs) if (!isRunning(run)) await removeRun(run);
  await removeLeftovers((runId) => !isProcessRunning(runId));
  removeTemporaryFolders((runId) => !isProcessRunning(runId));
};

const removeOwnLeftovers = async (): Promise<void> => {
  await removeLeftovers((runId) => runId === process.pid);
  removeTemporaryFolders((runId) => runId === process.pid);
};

/**
 * Starts one PostgreSQL for the whole run, unless TEST_DATABASE_URL names a server to use, or
 * GUILDHALL_TEST_SERVER_URL one that the caller has started for this run alone. The teardown removes it, and every
 * stack that a test of this run did not stop.
 */
export default async function setup(): Promise<() => Promise<void>> {
  mkdirSync(runsFolder, { recursive: true });
  await removeDeadRuns();
  process.env[testRunVariable] = String(process.pid);
  keepTemporaryFilesInMemory(process.pid);
  const isGiven = ['TEST_DATABASE_URL', 'GUILDHALL_TEST_SERVER_URL'].some((name) => process.env[name] !== undefined);
  if (isGiven) return removeOwnLeftovers;
  const run = `run-${process.pid}`;
  writeFileSync(processFileOf(run), String(process.pid));
  const server = await startEmbeddedPostgres({
    dataFolder: path.join(runsFolder, run),
    isDurable: false,
    // Each of hundreds of databases has hundreds of files: to make them on a disk costs more than a tenth of PostgreSQL's time.
    isInMemory: true,
    // No database here lives long enough to be vacuumed, but there are so many that its workers would start every second.
    settings: { autovacuum: 'off' },
  });
  process.env['GUILDHALL_TEST_SERVER_URL'] = server.url();
  return async () => {
    await removeOwnLeftovers();
    await server.stop();
    await removeRun(run);
  };
}
