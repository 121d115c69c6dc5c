import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Stack } from '../../tools/dev/stack.ts';
import type { StackServiceName } from '../../tools/dev/stack-options.ts';
import type { Random } from './random.ts';
import type { RedisServer } from './redis-server.ts';

export interface FaultParts {
  readonly stack: Stack;
  /** Null: the queue lies in the database. */
  readonly redis: RedisServer | null;
  readonly random: Random;
  /** Asks the database, once it is there. */
  readonly ask: <T>(question: (client: Client) => Promise<T>) => Promise<T>;
}

/** A fault that has passed when it returns; what it broke is given the time to mend itself afterwards. */
export type Fault = (parts: FaultParts) => Promise<void>;

const services: readonly [StackServiceName, ...StackServiceName[]] = ['gateway', 'auth', 'team-resources', 'audit'];

const killService: Fault = async ({ stack, random }) => stack.service(random.pick(services)).kill('SIGKILL');

const killWriterOrReader: Fault = async ({ stack, random }) =>
  stack.service(random.pick<StackServiceName>(['team-resources', 'audit'])).kill('SIGKILL');

const killEverything: Fault = async ({ stack }) => {
  process.kill(stack.database.pid, 'SIGKILL');
  await Promise.all(services.map((name) => stack.service(name).kill('SIGKILL')));
};

const killPostgres: Fault = async ({ stack }) => void process.kill(stack.database.pid, 'SIGKILL');

const keepAuditDown: Fault = async ({ stack, random }) => {
  await stack.service('audit').kill('SIGKILL', { staysDown: true });
  await pause(2_000 + random.below(4_000));
  await stack.service('audit').start();
};

/** A process that stands still past every lease and wakes in the middle of what it was doing. */
const freezeService: Fault = async ({ stack, random }) => {
  const { pid } = stack.service(random.pick<StackServiceName>(['team-resources', 'audit', 'auth']));
  process.kill(pid, 'SIGSTOP');
  await pause(1_000 + random.below(3_000));
  process.kill(pid, 'SIGCONT');
};

/** All events that still lie in an outbox are delivered once more. */
const deliverTwice: Fault = async ({ ask }) =>
  ask(async (client) => {
    await client.query('UPDATE team.outbox_events SET published_at = NULL, claimed_until = NULL, available_at = now()');
    await client.query('UPDATE auth.outbox_events SET published_at = NULL, claimed_until = NULL, available_at = now()');
  });

const queueTables = async (client: Client): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'queue' AND tablename NOT LIKE '%migration%'`,
  );
  return rows.map(({ name }) => name);
};

/** FLUSHALL, or what comes to the same in the database's queue. */
const wipeQueue: Fault = async ({ redis, ask }) => {
  if (redis !== null) return redis.flushAll();
  await ask(async (client) => {
    const tables = await queueTables(client);
    if (tables.length > 0) await client.query(`TRUNCATE ${tables.join(', ')} CASCADE`);
  });
};

const killRedis: Fault = async ({ redis, random }) => {
  await redis?.kill();
  await pause(random.below(3_000));
  await redis?.start();
};

const restoreOldQueue: Fault = async ({ redis, random }) => {
  await redis?.saveSnapshot();
  await pause(1_000 + random.below(2_000));
  await redis?.restoreSnapshot();
};

const always = {
  'kill a service': killService,
  'kill team-resources or audit': killWriterOrReader,
  'kill everything': killEverything,
  'kill PostgreSQL': killPostgres,
  'audit down': keepAuditDown,
  'freeze a service': freezeService,
  'deliver twice': deliverTwice,
  'wipe the queue': wipeQueue,
} as const satisfies Record<string, Fault>;

const onRedis = { 'kill Redis': killRedis, 'restore an old queue': restoreOldQueue } as const satisfies Record<string, Fault>;

export const faultsFor = (redis: RedisServer | null): Readonly<Record<string, Fault>> =>
  redis === null ? always : { ...always, ...onRedis };
