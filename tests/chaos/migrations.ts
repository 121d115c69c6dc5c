import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { removeEmbeddedPostgres, startEmbeddedPostgres, waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { randomFrom, type Random } from './random.ts';
import {
  countingMigrations,
  readHolder,
  readOutcome,
  startReplica,
  type Exit,
  type Holder,
  type Replica,
} from '@guildhall/migrate/replicas';

/**
 * Many processes migrate one schema at once, again and again; in most runs the one that works is killed or paused at a
 * moment that the seed chooses. Each file must be applied once, nobody else may fail, and the work must be taken over.
 */
const usage = 'Usage: node tests/chaos/migrations.ts [--runs 100] [--seed 1] [--replicas 10]';
const filesPerRun = 4;
const secondsPerFile = 0.25;
/** Longer than all files take, so that some faults come too late to hit anybody at work. */
const faultDelayMaxMs = 1_300;
const takeoverMaxMs = 20_000;
const runMaxMs = 60_000;

type Fault = 'none' | 'kill' | 'pause';

interface Run {
  readonly number: number;
  readonly fault: Fault;
  readonly delayMs: number;
  readonly violations: readonly string[];
  /** Null when nobody had to take over. */
  readonly takeoverMs: number | null;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Signals the holder, if one is still at work then. */
const strike = async (client: Client, replicas: readonly Replica[], fault: Fault, delayMs: number) => {
  if (fault === 'none') return null;
  await waitFor(() => readHolder(client), { timeoutMs: runMaxMs, what: 'a holder' });
  await pause(delayMs);
  const holder = await readHolder(client);
  const victim = replicas.find(({ pid }) => pid === holder?.pid);
  if (holder === null || victim === undefined) return null;
  victim.signal(fault === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  return { holder, victim, at: performance.now() };
};

const untilTakenOver = async (client: Client, { fencing }: Holder, at: number): Promise<number | null> => {
  try {
    await waitFor(async () => ((await readHolder(client))?.fencing ?? 0) > fencing, { timeoutMs: takeoverMaxMs });
    return performance.now() - at;
  } catch {
    return null;
  }
};

const appliedOnce = ({ steps, recorded, checksums }: Awaited<ReturnType<typeof readOutcome>>): readonly string[] => {
  const found: string[] = [];
  const files = Array.from({ length: filesPerRun }, (_, index) => index + 1);
  if (steps.map(({ file }) => file).join() !== files.join()) found.push(`files ran as ${steps.map(({ file }) => file).join()}`);
  const expected = files.map((file) => `${String(file).padStart(4, '0')}_step`);
  if (recorded.join() !== expected.join()) found.push(`recorded are ${recorded.join()}`);
  if (checksums !== filesPerRun) found.push(`${checksums} checksums`);
  if (steps.some(({ fencing }, index) => fencing < (steps[index - 1]?.fencing ?? 0))) {
    found.push(`an earlier holder wrote after a later one: ${JSON.stringify(steps)}`);
  }
  return found;
};

const wokenViolations = (exit: Exit): readonly string[] => {
  const isOver = exit.code === 0 || (exit.code === 1 && exit.stderr.includes('has lost the lease'));
  return isOver ? [] : [`the paused one ended with ${exit.code ?? exit.signal ?? 'nothing'}: ${exit.stderr}`];
};

const play = async (client: Client, replicas: readonly Replica[], fault: Fault, delayMs: number) => {
  const violations: string[] = [];
  const struck = await strike(client, replicas, fault, delayMs);
  const others = replicas.filter((replica) => replica !== struck?.victim);
  const exits = Promise.all(others.map(({ exit }) => exit));
  const takeoverMs = struck === null ? null : await untilTakenOver(client, struck.holder, struck.at);
  for (const { code, signal, stderr } of await exits) {
    if (code !== 0) violations.push(`a bystander ended with ${code ?? signal ?? 'nothing'}: ${stderr}`);
  }
  const before = await readOutcome(client);
  violations.push(...appliedOnce(before));
  if (struck === null) return { violations, takeoverMs };
  if (takeoverMs === null) violations.push(`not taken over within ${takeoverMaxMs / 1000} s`);
  if (fault === 'pause') struck.victim.signal('SIGCONT');
  const exit = await struck.victim.exit;
  if (fault === 'pause') violations.push(...wokenViolations(exit));
  if (JSON.stringify(await readOutcome(client)) !== JSON.stringify(before)) violations.push('the woken one wrote');
  return { violations, takeoverMs };
};

const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url, application_name: 'guildhall-chaos' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const run = async (urlOf: (database: string) => string, number: number, count: number, random: Random): Promise<Run> => {
  const fault = (['none', 'kill', 'kill', 'pause', 'pause'] as const)[Math.floor(random.next() * 5)] ?? 'none';
  const delayMs = Math.floor(random.next() * faultDelayMaxMs);
  const name = `chaos_${number}`;
  const administrator = await connect(urlOf('postgres'));
  const migrations = countingMigrations(filesPerRun, secondsPerFile);
  const replicas: Replica[] = [];
  try {
    await administrator.query(`CREATE DATABASE ${name}`);
    const client = await connect(urlOf(name));
    try {
      for (let index = 0; index < count; index += 1) replicas.push(startReplica(urlOf(name), migrations.folder));
      return { number, fault, delayMs, ...(await play(client, replicas, fault, delayMs)) };
    } finally {
      for (const replica of replicas) replica.signal('SIGKILL');
      await Promise.all(replicas.map(({ exit }) => exit));
      await client.end();
    }
  } finally {
    migrations.remove();
    await administrator.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await administrator.end();
  }
};

const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1000).toFixed(1)} s`);

const summarise = (runs: readonly Run[], seed: number): void => {
  const times = runs.flatMap(({ takeoverMs }) => (takeoverMs === null ? [] : [takeoverMs])).toSorted((one, other) => one - other);
  const faults = (['none', 'kill', 'pause'] as const).map(
    (fault) => `${runs.filter((one) => one.fault === fault).length} ${fault}`,
  );
  const bad = runs.filter(({ violations }) => violations.length > 0);
  say(`\n${runs.length} runs of seed ${seed}: ${faults.join(', ')}; ${times.length} were taken over`);
  say(`takeover: median ${seconds(times[Math.floor(times.length / 2)] ?? null)}, longest ${seconds(times.at(-1) ?? null)}`);
  say(bad.length === 0 ? 'no violation' : `${bad.length} runs with violations`);
};

const wholeNumber = (name: string, text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} is a whole number from 1. ${usage}`);
  return Number(text);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      replicas: { type: 'string', default: '10' },
    },
  });
  const [count, seed, replicas] = (['runs', 'seed', 'replicas'] as const).map((name) => wholeNumber(name, values[name]));
  if (count === undefined || seed === undefined || replicas === undefined) throw new Error(usage);
  const scratch = join(import.meta.dirname, '..', '..', '.tmp');
  if (!existsSync(scratch)) mkdirSync(scratch, { recursive: true });
  const dataFolder = mkdtempSync(join(scratch, 'chaos-'));
  const runs: Run[] = [];
  try {
    const server = await startEmbeddedPostgres({ dataFolder, isDurable: false });
    try {
      const random = randomFrom(seed);
      for (let number = 1; number <= count; number += 1) {
        const one = await run(server.url, number, replicas, random);
        runs.push(one);
        say(`run ${number}: ${one.fault} after ${one.delayMs} ms, taken over after ${seconds(one.takeoverMs)}`);
        for (const violation of one.violations) say(`  VIOLATION ${violation}`);
      }
    } finally {
      await server.stop();
    }
  } finally {
    await removeEmbeddedPostgres(dataFolder);
  }
  summarise(runs, seed);
  if (runs.length < count || runs.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
};

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
