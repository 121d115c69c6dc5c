import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { waitFor } from '@guildhall/testkit';

/** A process identity that survives the reuse of its number. */
export interface KnownProcess {
  readonly pid: number;
  /** The start time, from `startOf`. */
  readonly startedAt: string;
}

/** Reads when a process started, by the kernel's clock (proc(5)) or from ps(1); null if it does not run or is a zombie. */
export const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? null : (fields[18] ?? null);
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

export const isRunning = ({ pid, startedAt }: KnownProcess): boolean => startOf(pid) === startedAt;

const waitUntilGone = (known: KnownProcess, timeoutMs: number): Promise<true> =>
  waitFor(() => !isRunning(known), { timeoutMs, what: `process ${known.pid} to end` });

const killTimeoutMs = 5_000;

/** Ends a process: SIGTERM, then SIGKILL after `timeoutMs`. Throws if even that does not end it. */
export const endProcess = async (known: KnownProcess, timeoutMs: number): Promise<void> => {
  if (isRunning(known)) process.kill(known.pid, 'SIGTERM');
  try {
    await waitUntilGone(known, timeoutMs);
  } catch {
    process.kill(known.pid, 'SIGKILL');
    await waitUntilGone(known, killTimeoutMs);
  }
};
