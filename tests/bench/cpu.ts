import { readdir, readFile } from 'node:fs/promises';

/** `/proc/<pid>/stat` counts in these (USER_HZ), which Linux fixes for every architecture we run on. */
const ticksPerSecond = 100;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
  /** The CPU time of its children that have ended. */
  readonly endedSeconds: number;
}

/** CPU seconds that a process and its direct children have used (proc(5)), those that have ended included. */
export const cpuSeconds = async (pid: number): Promise<number> => {
  const times = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readTimes));
  return times
    .filter((process) => process !== null)
    .filter((process) => process.pid === pid || process.parent === pid)
    .reduce((sum, process) => sum + process.seconds + (process.pid === pid ? process.endedSeconds : 0), 0);
};

const readTimes = async (pid: string): Promise<ProcessTimes | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const secondsIn = (...at: number[]): number => at.reduce((sum, field) => sum + Number(fields[field]), 0) / ticksPerSecond;
  return { pid: Number(pid), parent: Number(fields[1]), seconds: secondsIn(11, 12), endedSeconds: secondsIn(13, 14) };
};
