import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Load } from './measure.ts';

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Pace {
  /** Requests a second, whatever the answers take; null: each request waits for the answer before it. */
  readonly requestsPerSecond: number | null;
  readonly connections: number;
  readonly seconds: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The share of the time that is left out at its beginning: connections are opened, and code is compiled. */
const warmUpShare = 0.2;

/**
 * The times that answers take at a steady rate, in fractions of a millisecond, which autocannon does not have. Each is counted from when its request
 * was due, so that a request that waits for others is not left out (coordinated omission). Throws on another status than the expected one.
 */
export const measurePaced = async (load: Load, { requestsPerSecond, connections, seconds }: Pace): Promise<Latency> => {
  const { origin, pathname, search } = new URL(load.url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const paths = load.paths ?? [pathname + search];
  const took: number[] = [];
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1_000;
  let sent = 0;
  const send = async (dueAt: number): Promise<void> => {
    sent += 1;
    const { method, headers, body, expectedStatus } = load;
    const path = paths[sent % paths.length] ?? '/';
    const answer = await pool.request({ path, method, headers: { ...headers }, body: body ?? null });
    await answer.body.dump();
    if (answer.statusCode !== expectedStatus) throw new Error(`${method} ${load.url} answered ${answer.statusCode}.`);
    if (dueAt - startedAt > warmUpShare * seconds * 1_000) took.push(performance.now() - dueAt);
  };
  // Those that are answered are let go: a list of all of them would make the measuring process pause for its own garbage.
  const underWay = new Set<Promise<void>>();
  const begin = (dueAt: number): void => {
    const sending = send(dueAt).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  while (elapsed() < seconds) {
    if (requestsPerSecond === null) {
      await send(performance.now());
      continue;
    }
    while (sent < elapsed() * requestsPerSecond) begin(startedAt + (sent / requestsPerSecond) * 1_000);
    await pause(1);
  }
  await Promise.all(underWay);
  await pool.close();
  const sorted = took.toSorted((a, b) => a - b);
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
};
