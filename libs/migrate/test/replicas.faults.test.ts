import { freshDatabase, waitFor, type FreshDatabase } from '@guildhall/testkit';
import type { Client } from 'pg';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openClient } from '../src/connection.ts';
import {
  countingMigrations,
  holderInTransaction,
  readHolder,
  readOutcome,
  startReplica,
  type Exit,
  type Replica,
} from './replicas.ts';

const takeoverMaxMs = 20_000;
let database: FreshDatabase;
let client: Client;

beforeEach(async () => {
  database = await freshDatabase({ services: [] });
  client = await openClient(database.url);
  onTestFinished(async () => {
    await client.end();
    await database.drop();
  });
});

const migrations = (count: number, sleepSeconds: number): string => {
  const { folder, remove } = countingMigrations(count, sleepSeconds);
  onTestFinished(remove);
  return folder;
};

const start = (count: number, folder: string): readonly Replica[] => {
  const replicas = Array.from({ length: count }, () => startReplica(database.url, folder));
  onTestFinished(() => {
    for (const replica of replicas) replica.signal('SIGKILL');
  });
  return replicas;
};

const names = ['0001_step', '0002_step', '0003_step'];
const endOf = ({ code, signal, stderr }: Exit) => ({ code, signal, stderr });
const done = { code: 0, signal: null, stderr: '' };

/** Signals whoever has a transaction open; answers it and how long it took until another held the lease. */
const strike = async (replicas: readonly Replica[], signal: NodeJS.Signals) => {
  const holder = await holderInTransaction(client);
  const victim = replicas.find(({ pid }) => pid === holder.pid);
  if (victim === undefined) throw new Error('The lease is held by a process that is not ours.');
  victim.signal(signal);
  const startedAt = performance.now();
  await waitFor(async () => ((await readHolder(client))?.fencing ?? 0) > holder.fencing, { timeoutMs: takeoverMaxMs });
  return { victim, fencing: holder.fencing, takeoverMs: performance.now() - startedAt };
};

describe('many processes that migrate one schema', () => {
  test('ten at once apply each file once, and none of them fails', async () => {
    const exits = await Promise.all(start(10, migrations(3, 0.1)).map(({ exit }) => exit));
    expect(exits.map(endOf)).toEqual(exits.map(() => done));
    expect(exits.flatMap(({ applied }) => applied)).toEqual(names);
    const { steps, recorded, checksums } = await readOutcome(client);
    expect({ files: steps.map(({ file }) => file), recorded, checksums }).toEqual({
      files: [1, 2, 3],
      recorded: names,
      checksums: 3,
    });
  });

  test('go on within 20 s when the one at work is killed', async () => {
    const replicas = start(3, migrations(3, 1));
    const { victim, takeoverMs } = await strike(replicas, 'SIGKILL');
    expect(takeoverMs).toBeLessThan(takeoverMaxMs);
    const others = replicas.filter((replica) => replica !== victim);
    const exits = await Promise.all(others.map(({ exit }) => exit));
    expect(exits.map(endOf)).toEqual([done, done]);
    expect((await victim.exit).signal).toBe('SIGKILL');
    const { steps, recorded } = await readOutcome(client);
    expect([steps.map(({ file }) => file), recorded]).toEqual([[1, 2, 3], names]);
  });

  test('go on within 20 s when the one at work is paused, and it writes nothing when it wakes', async () => {
    const replicas = start(3, migrations(3, 1));
    const { victim, fencing, takeoverMs } = await strike(replicas, 'SIGSTOP');
    expect(takeoverMs).toBeLessThan(takeoverMaxMs);
    const others = replicas.filter((replica) => replica !== victim);
    const exits = await Promise.all(others.map(({ exit }) => exit));
    expect(exits.map(endOf)).toEqual([done, done]);
    const before = await readOutcome(client);
    expect([before.steps.map(({ file }) => file), before.recorded]).toEqual([[1, 2, 3], names]);
    victim.signal('SIGCONT');
    const woken = await victim.exit;
    expect(woken).toMatchObject({ code: 1, signal: null });
    expect(woken.stderr).toBe(
      `This run has lost the lease of schema library (fencing token ${fencing}): it was paused or disconnected for longer than the lease lasts, and another run took over. It writes nothing more; the migration that it had begun was not recorded. Check the status, and run it again if something is pending.\n`,
    );
    expect(await readOutcome(client)).toEqual(before);
  });
});
