import { readdir } from 'node:fs/promises';
import { medianOf } from '../bench/measure.ts';
import { memoryOf } from '../bench/memory.ts';

/** Memory, handles and threads of one process at a moment. */
export interface Held {
  readonly megabytes: number;
  /** Open files and sockets: the entries of `/proc/<pid>/fd` (proc(5)). */
  readonly handles: number;
  readonly threads: number;
}
/** Each process at a moment, by its name. */
export type Sample = Readonly<Record<string, Held>>;

const heldBy = async (pid: number): Promise<Held> => {
  const [handles, threads, { memory = Number.NaN }] = await Promise.all([
    readdir(`/proc/${pid}/fd`),
    readdir(`/proc/${pid}/task`),
    memoryOf({ memory: pid }),
  ]);
  return { megabytes: memory, handles: handles.length, threads: threads.length };
};

export const sampleOf = async (pids: Readonly<Record<string, number>>): Promise<Sample> =>
  Object.fromEntries(await Promise.all(Object.entries(pids).map(async ([name, pid]) => [name, await heldBy(pid)] as const)));

export const lineOf = (sample: Sample): string =>
  Object.entries(sample)
    .map(([name, { megabytes, handles, threads }]) => `${name} ${megabytes.toFixed(0)} MB ${handles} handles ${threads} threads`)
    .join(' · ');

/** The least of each that a process held in any of the samples: what polls open and leave for a while is no leak. */
export const leastOf = (samples: readonly Sample[]): Sample =>
  Object.fromEntries(
    Object.keys(samples[0] ?? {}).map((name) => {
      const held = samples.flatMap((sample) => sample[name] ?? []);
      const least = (of: keyof Held): number => Math.min(...held.map((one) => one[of]));
      return [name, { megabytes: least('megabytes'), handles: least('handles'), threads: least('threads') }];
    }),
  );

/** The memory of a process counts as flat within this, which a heap's own saw-tooth may be. */
const growthMax = { share: 0.1, megabytes: 15 };

const medianMegabytes = (samples: readonly Sample[], name: string): number =>
  medianOf(samples.map((sample) => sample[name]?.megabytes ?? Number.NaN));

/** Growth of memory between the second quarter of the load and its last one: a sentence for each process that grew. */
export const growthIn = (samples: readonly Sample[]): readonly string[] => {
  const quarter = Math.floor(samples.length / 4);
  const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  return Object.keys(samples[0] ?? {}).flatMap((name) => {
    const [before, after] = [medianMegabytes(early, name), medianMegabytes(late, name)];
    return after <= before * (1 + growthMax.share) + growthMax.megabytes
      ? []
      : [`${name} grew from ${before.toFixed(0)} to ${after.toFixed(0)} MB under a load that stayed the same`];
  });
};

/** Handles and threads that are held at rest after the load and were not before it: a sentence for each kind and process. */
export const leftIn = (before: Sample, after: Sample): readonly string[] =>
  Object.entries(after).flatMap(([name, held]) =>
    (['handles', 'threads'] as const).flatMap((kind) => {
      const earlier = before[name]?.[kind] ?? 0;
      return held[kind] <= earlier ? [] : [`${name} holds ${held[kind]} ${kind} at rest, ${earlier} before the load`];
    }),
  );
