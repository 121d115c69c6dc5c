import { measure, medianOf, medianRun, type Load, type LoadSize, type Measured, type Processes } from './measure.ts';
import { measurePaced } from './paced.ts';
import type { Row } from './report.ts';

/** The settings of a whole run. */
export interface BenchRun {
  readonly size: LoadSize;
  readonly rounds: number;
  readonly processes: Processes;
  readonly say: (text: string) => void;
}

export interface Comparison {
  readonly what: string;
  /** The share of the reference's throughput that must be reached. */
  readonly atLeast: number;
  readonly ours: Load;
  readonly reference: Load;
}

/** Ours and the reference in turn, so that a machine that slows down slows both. */
export const compareRates = async ({ what, atLeast, ours, reference }: Comparison, run: BenchRun): Promise<Row> => {
  const { size, rounds, processes, say } = run;
  const runs: { ours: Measured[]; reference: Measured[] } = { ours: [], reference: [] };
  // A process compiles what runs often: that is no part of what a request costs.
  const warmUp = { ...size, seconds: Math.ceil(size.seconds / 3) };
  for (const load of [reference, ours]) await measure(load, warmUp, {});
  for (let round = 1; round <= rounds; round += 1) {
    say(`${what}: round ${round} of ${rounds}`);
    runs.reference.push(await measure(reference, size, processes));
    runs.ours.push(await measure(ours, size, processes));
  }
  const median = { ours: medianRun(runs.ours), reference: medianRun(runs.reference) };
  return {
    what,
    unit: 'requests/s',
    ours: median.ours.requestsPerSecond,
    reference: median.reference.requestsPerSecond,
    bound: { atLeast },
    runs: median,
  };
};

/** The median time of an answer at one connection, beside that of the reference. */
const compareSerial = async ({ what, ours, reference }: Comparison, { size, rounds, say }: BenchRun): Promise<Row> => {
  const pace = { requestsPerSecond: null, connections: 1, seconds: size.seconds / 2 };
  const took: { ours: number[]; reference: number[] } = { ours: [], reference: [] };
  for (let round = 1; round <= rounds; round += 1) {
    say(`${what}, one connection: round ${round} of ${rounds}`);
    took.reference.push((await measurePaced(reference, pace)).p50Ms);
    took.ours.push((await measurePaced(ours, pace)).p50Ms);
  }
  return {
    what: `${what}: p50 at one connection`,
    unit: 'ms',
    ours: medianOf(took.ours),
    reference: medianOf(took.reference),
    bound: { atMost: 1.6 },
  };
};

/** p99 beside p50 at half of the peak rate. */
const compareTail = async ({ what, ours }: Comparison, peak: number, run: BenchRun): Promise<Row> => {
  const { size, rounds, say } = run;
  const pace = { requestsPerSecond: peak / 2, ...size };
  const tails: { p50Ms: number; p99Ms: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`${what} at half of its peak: round ${round} of ${rounds}`);
    tails.push(await measurePaced(ours, pace));
  }
  const median = medianOf(tails.map(({ p50Ms, p99Ms }) => p99Ms / p50Ms));
  const tail = tails.find(({ p50Ms, p99Ms }) => p99Ms / p50Ms === median) ?? { p50Ms: Number.NaN, p99Ms: Number.NaN };
  return {
    what: `${what}: p99 / p50 at half of its peak`,
    unit: 'ms',
    ours: tail.p99Ms,
    reference: tail.p50Ms,
    bound: { atMost: 4 },
  };
};

/** Throughput, the median at one connection, and the tail at half of the peak. */
export const compareWhole = async (comparison: Comparison, run: BenchRun): Promise<readonly Row[]> => {
  const rates = await compareRates(comparison, run);
  return [rates, await compareSerial(comparison, run), await compareTail(comparison, rates.ours, run)];
};
