import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { createHttpClient } from '../../tools/demo/http-client.ts';
import { startStack, type Stack } from '../../tools/dev/stack.ts';
import { untilDrained, violationsIn } from '../chaos/audit-verdict.ts';
import { createWriters } from '../chaos/audit-writers.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';
import { foundTeam } from '../support/team.ts';
import { readLocalToken } from '../support/test-stack.ts';
import { must } from '../support/users.ts';
import { growthIn, leastOf, leftIn, lineOf, sampleOf, type Sample } from './resources.ts';
import { createUsers } from './users.ts';

/**
 * A steady load for a long time. No request may be answered otherwise than it must be, memory must stay flat, no handle or thread may be left at
 * rest, and the audit log must have caught up with every change.
 */
const usage = 'Usage: node tests/soak/main.ts [--minutes 10]';
const services = ['gateway', 'team-resources', 'auth', 'audit'] as const;
const sampleEveryMs = 5_000;
const sayEvery = 6;
const writersCount = 2;
const drainTimeoutMs = 120_000;
/** Beyond the three minutes within which a pool closes connections that nobody needs (`idleMs` of libs/db). */
const restMs = 240_000;
/** The part of a rest, at its end, in which is looked at what is held. */
const lookMs = 30_000;
/** A short load and a rest before the first look: what a process opens once and keeps is no leak. */
const warmUpMs = 30_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Samples at a steady pace until `endsAt`, a value of performance.now(). */
const watch = async (pids: Readonly<Record<string, number>>, endsAt: number): Promise<readonly Sample[]> => {
  const samples: Sample[] = [];
  while (performance.now() < endsAt) {
    await pause(sampleEveryMs);
    const sample = await sampleOf(pids);
    if (samples.push(sample) % sayEvery === 0)
      say(`${Math.ceil((endsAt - performance.now()) / 60_000)} min left · ${lineOf(sample)}`);
  }
  return samples;
};

/** The least that each process holds in the last half minute of a rest. */
const restAndLook = async (pids: Readonly<Record<string, number>>): Promise<Sample> => {
  await pause(restMs - lookMs);
  const samples: Sample[] = [];
  for (let elapsedMs = 0; elapsedMs < lookMs; elapsedMs += sampleEveryMs) {
    await pause(sampleEveryMs);
    samples.push(await sampleOf(pids));
  }
  return leastOf(samples);
};

const runOn = async (stack: Stack, dataFolder: string, minutes: number): Promise<readonly string[]> => {
  const { gateway } = stack.urls;
  const http = createHttpClient(gateway, () => {}, readLocalToken(join(dataFolder, 'keys', 'local-token')));
  const team = await foundTeam(http, stack.mailFolder, 'Ada');
  const { email, password } = team.founder;
  const signIn = async () =>
    String((await must(http, 200, 'POST', '/v1/auth/login', { body: { email, password } }))['accessToken']);
  const users = await createUsers({ http, gateway, team });
  const writers = createWriters({ baseUrl: gateway, scripts: team.scripts, signIn, writers: writersCount });
  const pids = Object.fromEntries(services.map((name) => [name, stack.service(name).pid]));
  const loadFor = async (ms: number): Promise<readonly Sample[]> => {
    users.start();
    writers.start();
    const samples = await watch(pids, performance.now() + ms);
    await Promise.all([users.stop(), writers.stop()]);
    return samples;
  };

  await loadFor(warmUpMs);
  say(`resting ${restMs / 1_000} s, for a first look at what is held`);
  const before = await restAndLook(pids);
  say(`before the load · ${lineOf(before)}`);
  const samples = await loadFor(minutes * 60_000);
  const client = new Client({ connectionString: stack.database.url() });
  await client.connect();
  try {
    const drained = await untilDrained(client, drainTimeoutMs);
    const violations = await violationsIn(client, writers.acknowledged);
    say(`outboxes empty and confirmed ${drained.seconds.toFixed(1)} s after the last change`);
    say(`resting ${restMs / 1_000} s, for the last look at what is held`);
    const after = await restAndLook(pids);
    say(`after the load · ${lineOf(after)}`);
    const written = [...writers.acknowledged.values()].reduce((sum, versions) => sum + versions, 0);
    say(`${users.answered()} requests answered as they must be, ${written} changes acknowledged`);
    return [
      ...(drained.isDrained ? [] : [`the outboxes were not empty after ${drainTimeoutMs / 1_000} s`]),
      ...violations,
      ...[...users.wrong].map(([what, count]) => `${count} × ${what}`),
      ...[...writers.answers].flatMap(([status, count]) =>
        status === 200 || status === 201 || status === 401 ? [] : [`${count} × a writer was answered ${status}`],
      ),
      ...services.flatMap((name) => (stack.service(name).pid === pids[name] ? [] : [`${name} was started anew`])),
      ...growthIn(samples),
      ...leftIn(before, after),
    ];
  } finally {
    await client.end();
  }
};

const run = async (minutes: number): Promise<number> => {
  const dataFolder = scratchFolder('soak');
  try {
    const stack = await startStack({
      dataFolder,
      env: { SIGN_INS_PER_MINUTE_MAX: '100000', REQUESTS_PER_MINUTE_MAX: '1000000' },
    });
    try {
      const violations = await runOn(stack, dataFolder, minutes);
      for (const violation of violations) say(`VIOLATION: ${violation}`);
      say(violations.length === 0 ? 'no violation' : `${violations.length} violations`);
      return violations.length === 0 ? 0 : 1;
    } finally {
      await stack.close();
    }
  } finally {
    await removeScratchFolder(dataFolder);
  }
};

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, help: { type: 'boolean', default: false } },
});
if (values.help) say(usage);
else process.exitCode = await run(Number(values.minutes));
