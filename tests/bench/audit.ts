import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { createInternalSigner, principalHeader, readServiceIdentity, serviceHeader } from '@guildhall/principal';
import { Client } from 'pg';
import { choosePort } from '../../tools/dev/ports.ts';
import { serviceKeyFiles } from '../../tools/dev/service-keys.ts';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { createRedisServer, hasRedisServer, type RedisServer } from '../chaos/redis-server.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';
import { checkCost } from './audit-check.ts';
import { commitToStored } from './audit-latency.ts';
import { drainRate, logSize, plainInsertRate } from './audit-path.ts';
import { pageCost, proofCost } from './audit-reads.ts';
import { writerCost } from './audit-writers.ts';
import { prepareRows } from './rows.ts';

/** The audit trail: how fast events get into it, and what reading and proving cost once it is long. */
const usage = 'Usage: node tests/bench/audit.ts [--events 200000] [--path-events 10000] [--report]';
const reportFile = new URL('../../docs/benchmarks.md', import.meta.url);
const reportedAtOnce = 200;
const reporters = 4;
const progressEvery = 50_000;
const checkedLeaves = 20_000;
const latency = { changesPerSecond: 300, seconds: 10 };
const must = { redis: 5_000, embedded: 1_500 };

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const table: string[] = ['| what | ours | reference | ratio | must |', '|---|---|---|---|---|'];
const addRow = (what: string, ours: number, reference: number, ratio: number, wanted: string): void => {
  const line = `| ${what} | ${Math.round(ours)} | ${Math.round(reference)} | ${ratio.toFixed(2)} | ${wanted} |`;
  table.push(line);
  say(line);
};

const signerOf = (dataFolder: string) =>
  createInternalSigner({
    identity: readServiceIdentity(serviceKeyFiles(dataFolder, 'gateway'), 'gateway'),
    now: () => new Date(),
  });
type Signer = ReturnType<typeof signerOf>;

const event = (n: number) => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: new Date().toISOString(),
  payload: {
    actor: { type: 'user', id: `user-${n % 1_000}` },
    action: 'script.update',
    resource: { type: 'script', id: `script-${n % 5_000}` },
    result: 'success',
    requestId: `bench-${n}`,
    service: 'gateway',
  },
});

/** Fills the log to `events` by the way of processes without an outbox. */
const fill = async (url: string, signer: Signer, from: number, events: number): Promise<void> => {
  let next = from;
  let reported = from;
  const report = async (): Promise<void> => {
    while (next < events) {
      const first = next;
      next = Math.min(next + reportedAtOnce, events);
      const messages = Array.from({ length: next - first }, (_, at) => event(first + at));
      const response = await fetch(`${url}/internal/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [serviceHeader]: await signer.signService('audit') },
        body: JSON.stringify({ messages }),
        signal: AbortSignal.timeout(30_000),
      });
      if (!response.ok) throw new Error(`Filling was answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
      if (next - reported >= progressEvery) say(`${(reported = next)} events`);
    }
  };
  await Promise.all(Array.from({ length: reporters }, report));
};

const measurePath = async (queue: keyof typeof must, client: Client, events: number): Promise<void> => {
  const ours = await drainRate(client, events);
  const plain = await plainInsertRate(client, events);
  addRow(`outbox → tree, ${queue}, backlog of ${events}, events/s`, ours, plain, ours / plain, `≥ ${must[queue]}/s, ratio ≥ 0.5`);
};

const measureLatency = async (stack: Stack, client: Client): Promise<void> => {
  const rows = await prepareRows(stack, stack.mailFolder);
  const { changesPerSecond, p50Ms, p99Ms } = await commitToStored(client, rows, latency.changesPerSecond, latency.seconds);
  addRow(
    `commit → stored p50 / p99, ms, at ${Math.round(changesPerSecond)} changes/s`,
    p50Ms,
    p99Ms,
    p50Ms / p99Ms,
    'p99 ≤ 150 ms',
  );
};

const measureReads = async (stack: Stack, client: Client, signer: Signer, events: number): Promise<void> => {
  const startedAt = performance.now();
  await fill(stack.urls.audit, signer, await logSize(client), events);
  const size = await logSize(client);
  say(`${size} events in the tree, filled in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  await client.query('ANALYZE audit.audit_events');
  const principal = {
    userId: 'bench',
    sessionId: randomUUID(),
    displayName: 'Bench',
    email: 'bench@example.test',
    ip: '127.0.0.1',
  };
  const headers = async () => ({
    [principalHeader]: await signer.signPrincipal({ ...principal, permissions: ['audit:read'] }, 'audit'),
  });
  const reader = { url: stack.urls.audit, headers };
  const cost = await proofCost(reader, client, size);
  addRow('inclusion proof / GET by key, requests/s', cost.proofs, cost.reads, cost.proofs / cost.reads, 'ratio ≥ 0.20');
  addRow('consistency proof / GET by key, requests/s', cost.consistency, cost.reads, cost.consistency / cost.reads, 'none');
  const most = 2 * Math.log2(size);
  addRow('hashes in the longest path / 2 log₂ n', cost.pathMax, most, cost.pathMax / most, 'ratio ≤ 1');
  const { readMicros, checkedMicros } = await checkCost(stack.database.url(), checkedLeaves);
  addRow('events read and checked / read, CPU µs an event', checkedMicros, readMicros, checkedMicros / readMicros, 'ratio ≤ 2');
  const page = await pageCost(reader);
  addRow(`filtered page ${page.depth} / first, requests/s`, page.deep, page.first, page.deep / page.first, 'ratio ≥ 0.20');
};

const measureWriters = async (stack: Stack, client: Client, redis: RedisServer): Promise<void> => {
  const { audited, unaudited } = await writerCost(client, redis, await prepareRows(stack, stack.mailFolder));
  addRow('creates/s while their events are stored / while they wait', audited, unaudited, audited / unaudited, 'ratio ≥ 0.90');
};

interface Target {
  readonly stack: Stack;
  readonly client: Client;
  readonly redis: RedisServer | null;
  readonly signer: Signer;
}

const onStack = async (queue: keyof typeof must, work: (target: Target) => Promise<void>) => {
  const dataFolder = scratchFolder(`bench-${queue}`);
  const redis = queue === 'redis' ? createRedisServer(join(dataFolder, 'redis'), (await choosePort('Redis', 0)).port) : null;
  try {
    await redis?.start();
    const stack = await startStack({
      dataFolder,
      queueUrl: redis?.url,
      env: { LOG_LEVEL: 'warn', REQUESTS_PER_MINUTE_MAX: '100000000', BCRYPT_COST: '4' },
    });
    const client = new Client({ connectionString: stack.database.url() });
    try {
      await client.connect();
      await work({ stack, client, redis, signer: signerOf(dataFolder) });
    } finally {
      await client.end();
      await stack.close();
    }
  } finally {
    await redis?.stop();
    await removeScratchFolder(dataFolder);
  }
};

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    'path-events': { type: 'string', default: '10000' },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(usage);
else {
  const pathEvents = Number(values['path-events']);
  if (hasRedisServer())
    await onStack('redis', async ({ stack, client, redis }) => {
      await measurePath('redis', client, pathEvents);
      if (redis !== null) await measureWriters(stack, client, redis);
    });
  else say('There is no redis-server on this machine: its path, and what it costs writers, are not measured.');
  await onStack('embedded', async ({ stack, client, signer }) => {
    await measurePath('embedded', client, pathEvents);
    await measureLatency(stack, client);
    await measureReads(stack, client, signer, Number(values.events));
  });
  say(`\n${table.join('\n')}`);
  if (values.report) await appendFile(reportFile, `\n## The audit trail\n\n${values.events} events.\n\n${table.join('\n')}\n`);
}
