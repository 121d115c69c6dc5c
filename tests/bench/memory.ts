import { readFile } from 'node:fs/promises';
import type { Processes } from './measure.ts';
import type { Row } from './report.ts';

/** The resident memory of each process in megabytes (proc(5), VmRSS). */
export const memoryOf = async (processes: Processes): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(processes).map(async ([name, pid]) => {
        const status = await readFile(`/proc/${pid}/status`, 'utf8');
        return [name, Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024] as const;
      }),
    ),
  );

/** Rows of the memory of services beside its bound. */
export const memoryRows = (when: string, megabytesMax: number, used: Readonly<Record<string, number>>): readonly Row[] =>
  Object.entries(used).map(([name, megabytes]) => ({
    what: `memory of ${name}, ${when}; reference: its bound`,
    unit: 'MB',
    ours: megabytes,
    reference: megabytesMax,
    bound: { atMost: 1 },
  }));
