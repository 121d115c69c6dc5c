import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { createHttpClient } from '../../tools/demo/http-client.ts';
import { choosePort } from '../../tools/dev/ports.ts';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { foundTeam } from '../support/team.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';
import { must } from '../support/users.ts';
import { faultsFor, type FaultParts } from './audit-faults.ts';
import { untilDrained, violationsIn } from './audit-verdict.ts';
import { createWriters } from './audit-writers.ts';
import { randomFrom } from './random.ts';
import { createRedisServer, hasRedisServer, type RedisServer } from './redis-server.ts';

/**
 * Faults at random moments under writers that never give up. Afterwards each change that was acknowledged must be there, and
 * each change that is there must have its one audit event in a log without gaps.
 */
const usage = 'Usage: node tests/chaos/audit.ts [--seconds 120] [--seed 1] [--queue embedded|redis] [--writers 8]';
const faultEveryMs = { least: 1_000, spread: 4_000 };
const drainTimeoutMs = 180_000;
const askTimeoutMs = 30_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Asks until the database is there to answer, as it may just have been killed. */
const asking =
  (url: string): FaultParts['ask'] =>
  async (question) => {
    const deadline = performance.now() + askTimeoutMs;
    for (;;) {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return await question(client);
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await pause(200);
      } finally {
        await client.end().catch(() => {});
      }
    }
  };

const startRedis = async (queue: string, dataFolder: string): Promise<RedisServer | null> => {
  if (queue !== 'redis') return null;
  if (!hasRedisServer()) throw new Error('There is no redis-server on this machine.');
  const { port } = await choosePort('Redis', 0);
  const redis = createRedisServer(join(dataFolder, 'redis'), port);
  await redis.start();
  return redis;
};

const strikeFor = async (seconds: number, parts: FaultParts): Promise<number> => {
  const faults = Object.entries(faultsFor(parts.redis));
  const endsAt = performance.now() + seconds * 1_000;
  let count = 0;
  while (performance.now() < endsAt) {
    await pause(faultEveryMs.least + parts.random.below(faultEveryMs.spread));
    const [name, fault] = faults[parts.random.below(faults.length)] ?? ['none', async () => {}];
    count += 1;
    say(`${String(count).padStart(3)}: ${name}`);
    await fault(parts).catch((error: unknown) => say(`     ${error instanceof Error ? error.message : String(error)}`));
  }
  return count;
};

const summaryOf = (counts: ReadonlyMap<number, number>): string =>
  [...counts]
    .toSorted(([one], [other]) => one - other)
    .map(([status, count]) => `${count} × ${status === 0 ? 'no answer' : status}`)
    .join(', ');

const runOn = async (stack: Stack, redis: RedisServer | null, options: Options): Promise<readonly string[]> => {
  const http = createHttpClient(stack.urls.gateway, () => {});
  const team = await foundTeam(http, stack.mailFolder, 'Ada');
  const { email, password } = team.founder;
  const signIn = async () =>
    String((await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } }))['accessToken']);
  const writers = createWriters({ baseUrl: stack.urls.gateway, scripts: team.scripts, signIn, writers: options.writers });
  const ask = asking(stack.database.url());

  writers.start();
  const count = await strikeFor(options.seconds, { stack, redis, random: randomFrom(options.seed), ask });
  say('no more faults; the writers finish what they have begun');
  await writers.stop();
  const drained = await ask((client) => untilDrained(client, drainTimeoutMs));
  const violations = await ask((client) => violationsIn(client, writers.acknowledged));
  const changes = [...writers.acknowledged.values()].reduce((sum, versions) => sum + versions, 0);
  say(`${count} faults of seed ${options.seed}; ${changes} changes acknowledged; answers: ${summaryOf(writers.answers)}`);
  say(`outboxes empty and confirmed ${drained.seconds.toFixed(1)} s after the last change`);
  return drained.isDrained ? violations : [`the outboxes were not empty after ${drainTimeoutMs / 1000} s`, ...violations];
};

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly writers: number;
  readonly queue: string;
}

const run = async (options: Options): Promise<number> => {
  const dataFolder = scratchFolder('chaos-audit');
  const redis = await startRedis(options.queue, dataFolder);
  try {
    const stack = await startStack({
      dataFolder,
      queueUrl: redis?.url,
      isDurable: true,
      env: { BCRYPT_COST: '4', SIGN_INS_PER_MINUTE_MAX: '100000', REQUESTS_PER_MINUTE_MAX: '1000000' },
    });
    try {
      const violations = await runOn(stack, redis, options);
      for (const violation of violations) say(`VIOLATION: ${violation}`);
      say(violations.length === 0 ? 'no violation' : `${violations.length} violations`);
      return violations.length === 0 ? 0 : 1;
    } finally {
      await stack.close();
    }
  } finally {
    await redis?.stop();
    await removeScratchFolder(dataFolder);
  }
};

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    writers: { type: 'string', default: '8' },
    queue: { type: 'string', default: 'embedded' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(usage);
else {
  process.exitCode = await run({
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    writers: Number(values.writers),
    queue: values.queue,
  });
}
