import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running stack leaves in its data folder, for `make down`, `make demo` and a second `make up`. */
export interface RunningStack {
  readonly pid: number;
  /** When that process started, so that another one that got its number later is not mistaken for it. */
  readonly startedAt: string;
  readonly mode: 'solo' | 'team';
  readonly gateway: string;
  /** With its password: the file is readable by its user only. Absent in solo mode. */
  readonly databaseUrl?: string;
}

const fileIn = (dataFolder: string): string => join(dataFolder, 'running.json');

export const recordRunning = (dataFolder: string, stack: Omit<RunningStack, 'pid' | 'startedAt'>): void => {
  const record: RunningStack = { ...stack, pid: process.pid, startedAt: startOf(process.pid) ?? '' };
  writeFileSync(fileIn(dataFolder), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
};

export const forgetRunning = (dataFolder: string): void => rmSync(fileIn(dataFolder), { force: true });

/** The stack that runs on this data; null when there is none, also when its process was killed. */
export const findRunning = (dataFolder: string): RunningStack | null => {
  try {
    const record = JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')) as RunningStack;
    return startOf(record.pid) === record.startedAt ? record : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
};

/** When a process started, in the kernel's clock (proc(5)) or as ps(1) tells it; null when there is no such process. */
export const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return process.platform === 'linux' ? null : startByPs(pid);
  }
};

const startByPs = (pid: number): string | null => {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return status === 0 ? stdout.trim() : null;
};
