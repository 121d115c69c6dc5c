import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findOrphan, findPostgresData, removePostgresFolders } from './postgres-folders.ts';
import { waitFor } from './wait-for.ts';

const stopTimeoutMs = 20_000;

const readText = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** A process that has ended but was not waited for counts as dead. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const state = readText(`/proc/${pid}/stat`);
  return state === undefined || !/\) Z /.test(state);
};

const isPostgres = (pid: number): boolean => {
  const commandLine = readText(`/proc/${pid}/cmdline`);
  return commandLine === undefined ? isAlive(pid) : commandLine.includes('postgres');
};

const serverOn = (data: string): number | undefined => {
  const pid = Number.parseInt(readText(path.join(data, 'postmaster.pid'))?.split('\n')[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) && isPostgres(pid) ? pid : undefined;
};

/** The id of the server that runs on this data, or undefined. A stale file of a server that died counts as none. */
export const findRunningPostgres = (dataFolder: string): number | undefined => {
  const data = findPostgresData(dataFolder);
  return data === undefined ? undefined : serverOn(data);
};

/** Removes orphaned data that belongs to a data folder which was removed by hand: without its password it is useless. */
export const removeOrphan = async (dataFolder: string): Promise<void> => {
  const orphan = findOrphan(dataFolder);
  if (orphan === undefined) return;
  const pid = serverOn(path.join(orphan, 'data'));
  if (pid !== undefined) {
    process.kill(pid, 'SIGKILL');
    await waitFor(() => !isAlive(pid), { timeoutMs: stopTimeoutMs, what: `PostgreSQL (process ${pid}) to die` });
  }
  rmSync(orphan, { recursive: true, force: true });
};

/** Stops a server that outlived the process that started it. Returns whether there was one. */
export const stopLeftover = async (dataFolder: string): Promise<boolean> => {
  const pid = findRunningPostgres(dataFolder);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGINT');
  const hasEnded = (): boolean => !isAlive(pid);
  await waitFor(hasEnded, { timeoutMs: stopTimeoutMs, what: `PostgreSQL (process ${pid}) to stop` }).catch(async () => {
    process.kill(pid, 'SIGKILL');
    await waitFor(hasEnded, { timeoutMs: stopTimeoutMs, what: `PostgreSQL (process ${pid}) to die` });
  });
  return true;
};

/** Stops a server that runs on this folder and removes its files. */
export const removeEmbeddedPostgres = async (dataFolder: string): Promise<void> => {
  if (!existsSync(dataFolder)) return;
  await stopLeftover(dataFolder);
  removePostgresFolders(dataFolder);
};
