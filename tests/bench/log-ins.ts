import { createBcryptPool } from '../../services/auth/src/clients/bcrypt-pool.ts';
import { bcryptCost } from '../../services/auth/src/config.ts';
import type { BenchRun } from './compare.ts';
import { measure, medianOf, medianRun, type Load } from './measure.ts';
import { measurePaced } from './paced.ts';
import type { Row } from './report.ts';
import type { Rows } from './rows.ts';

/** Log-ins that are under way at a time, fewer than one address may have waiting. */
const atATime = 4;
/** The reads beside log-ins come at this rate, which leaves the machine time. */
const quietReadsPerSecond = 100;
const manyLogIns = 16;
/** A log-in takes most of a second of a core: fewer seconds would measure none. */
const secondsMin = 10;

const logInOf = ({ gateway, email, password }: Rows): Load => ({
  url: `${gateway}/v1/auth/login`,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email, password }),
  expectedStatus: 200,
});

/** Comparisons a second of the pool that auth hashes with, in a process that does nothing else. */
const hashesPerSecond = async (seconds: number): Promise<number> => {
  const pool = await createBcryptPool({ cost: bcryptCost.default });
  const until = performance.now() + seconds * 1_000;
  const startedAt = performance.now();
  let done = 0;
  const compareOn = async (): Promise<void> => {
    while (performance.now() < until) {
      await pool.compare('a password that is none', pool.dummyHash, 'bench');
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atATime }, compareOn));
  const took = (performance.now() - startedAt) / 1_000;
  await pool.close();
  return done / took;
};

/** Log-ins beside bare hashes at the same cost. */
const compareLogIns = async (rows: Rows, { size, rounds, processes, say }: BenchRun): Promise<Row> => {
  const seconds = Math.max(size.seconds, secondsMin);
  const [ours, reference] = [[], []] as [Awaited<ReturnType<typeof measure>>[], number[]];
  for (let round = 1; round <= rounds; round += 1) {
    say(`log-in: round ${round} of ${rounds}`);
    reference.push(await hashesPerSecond(seconds));
    ours.push(await measure(logInOf(rows), { connections: atATime, seconds }, processes));
  }
  const hashes = medianOf(reference);
  const median = medianRun(ours);
  const bare = { requestsPerSecond: hashes, p50Ms: Number.NaN, p99Ms: Number.NaN, cpuMicroseconds: {} };
  return {
    what: `log-in, bcrypt cost ${bcryptCost.default}; reference: bare hashes`,
    unit: 'log-ins/s',
    ours: median.requestsPerSecond,
    reference: hashes,
    bound: { atLeast: 0.9 },
    runs: { ours: median, reference: bare },
  };
};

/** Reads while sixteen people log in, beside reads while nobody does. */
const compareReadsBeside = async (rows: Rows, read: Load, { size, rounds, say }: BenchRun): Promise<Row> => {
  const pace = { requestsPerSecond: quietReadsPerSecond, connections: size.connections, seconds: size.seconds };
  const [quiet, beside]: [number[], number[]] = [[], []];
  const { url, headers, body } = logInOf(rows);
  for (let round = 1; round <= rounds; round += 1) {
    say(`reads beside log-ins: round ${round} of ${rounds}`);
    quiet.push((await measurePaced(read, pace)).p99Ms);
    const over = new AbortController();
    const logIn = async (): Promise<void> => {
      // Some are refused, as many at a time from one address are: those that are taken keep the pool busy.
      while (!over.signal.aborted)
        await (await fetch(url, { method: 'POST', headers: { ...headers }, body: body ?? null })).arrayBuffer();
    };
    const logIns = Promise.all(Array.from({ length: manyLogIns }, logIn));
    beside.push((await measurePaced(read, pace)).p99Ms);
    over.abort();
    await logIns;
  }
  return {
    what: `GET: p99 while ${manyLogIns} log-ins are under way; reference: quiet`,
    unit: 'ms',
    ours: medianOf(beside),
    reference: medianOf(quiet),
    bound: { atMost: 2 },
  };
};

export const logInRows = async (rows: Rows, read: Load, run: BenchRun): Promise<readonly Row[]> => [
  await compareLogIns(rows, run),
  await compareReadsBeside(rows, read, run),
];
