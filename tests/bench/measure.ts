import autocannon from 'autocannon';
import { cpuSeconds } from './cpu.ts';

export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** The paths that are asked for in turn, in place of the one of `url`. */
  readonly paths?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expectedStatus: number;
}

export interface Measured {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU microseconds per request, by process. */
  readonly cpuMicroseconds: Readonly<Record<string, number>>;
}

/** The ids of the processes whose CPU time is measured, by name. */
export type Processes = Readonly<Record<string, number>>;

export interface LoadSize {
  readonly connections: number;
  readonly seconds: number;
}

/** One run of a load. Throws when any answer had another status than the expected one: a refusal is not throughput. */
export const measure = async (load: Load, size: LoadSize, processes: Processes): Promise<Measured> => {
  const { url, method, headers, body, paths } = load;
  const before = await cpuOf(processes);
  const result = await autocannon({
    url,
    method,
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    ...(paths === undefined ? {} : { requests: paths.map((path) => ({ path })) }),
    connections: size.connections,
    duration: size.seconds,
  });
  const after = await cpuOf(processes);
  const statuses = Object.keys(result.statusCodeStats ?? {});
  if (result.errors > 0 || statuses.length !== 1 || statuses[0] !== String(load.expectedStatus)) {
    throw new Error(`${method} ${url}: ${result.errors} errors, statuses ${JSON.stringify(result.statusCodeStats)}`);
  }
  const cpuMicroseconds = Object.fromEntries(
    Object.keys(processes).map((name) => [name, (((after[name] ?? 0) - (before[name] ?? 0)) * 1e6) / result.requests.total]),
  );
  return {
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicroseconds,
  };
};

const cpuOf = async (processes: Processes): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(Object.entries(processes).map(async ([name, pid]) => [name, await cpuSeconds(pid)] as const)),
  );

/** The median of numbers. */
export const medianOf = (values: readonly number[]): number => {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('There is nothing to take the median of.');
  return middle;
};

/** The run whose throughput is the median. */
export const medianRun = (runs: readonly Measured[]): Measured => {
  const median = medianOf(runs.map(({ requestsPerSecond }) => requestsPerSecond));
  const found = runs.find(({ requestsPerSecond }) => requestsPerSecond === median);
  if (found === undefined) throw new Error('There is no run to take the median of.');
  return found;
};
