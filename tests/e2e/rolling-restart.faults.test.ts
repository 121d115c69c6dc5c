import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { choosePort } from '../../tools/dev/ports.ts';
import { createServiceProcess, type ServiceProcess } from '../../tools/dev/service-process.ts';
import { environmentsOf } from '../../tools/dev/services.ts';
import { writeViolations } from '../chaos/outage-writes.ts';
import { startBalancer, type Balancer } from '../support/balancer.ts';
import { createMixedLoad, type MixedLoad } from '../support/mixed-load.ts';
import { foundTeam, type Team } from '../support/team.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { signUp } from '../support/users.ts';

/** Every process twice, each pair behind one name: one of each pair is restarted under load, one after the other. */

const names = ['auth', 'team-resources', 'audit', 'gateway'] as const;
type Name = (typeof names)[number];
type OfEach<T> = Readonly<Record<Name, T>>;

interface Pair {
  readonly balancer: Balancer;
  readonly urls: readonly [string, string];
}

let pairs: OfEach<Pair>;
let running: TestStack;
let seconds: OfEach<ServiceProcess>;
let team: Team;
let load: MixedLoad;

const ofEach = async <T>(make: (name: Name) => Promise<T>): Promise<OfEach<T>> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await make(name)] as const))) as OfEach<T>;

const openPair = async (name: Name): Promise<Pair> => {
  const urls = [await newUrl(name), await newUrl(name)] as const;
  const balancer = await startBalancer();
  balancer.use([urls[0]]);
  return { balancer, urls };
};

const newUrl = async (name: Name): Promise<string> => `http://127.0.0.1:${(await choosePort(name, 0)).port}`;

const settings = (): Readonly<Record<string, string>> => ({
  REQUESTS_PER_MINUTE_MAX: '1000000',
  AUTH_URL: pairs.auth.balancer.url,
  TEAM_RESOURCES_URL: pairs['team-resources'].balancer.url,
  AUDIT_URL: pairs.audit.balancer.url,
  PUBLIC_URL: pairs.gateway.balancer.url.replace('127.0.0.1', 'localhost'),
});

/** The second process of a pair, with the keys, the database and the log folder of the first. */
const startSecond = async (name: Name): Promise<ServiceProcess> => {
  const { stack, dataFolder } = running;
  const { logFolder, mailFolder } = stack;
  const urlOf = (one: Name): string => pairs[one].urls[1];
  const serviceUrls = {
    gateway: urlOf('gateway'),
    auth: urlOf('auth'),
    'team-resources': urlOf('team-resources'),
    audit: urlOf('audit'),
  };
  const env = { BCRYPT_COST: '4', SIGN_INS_PER_MINUTE_MAX: '10000', ...settings() };
  const parts = { dataFolder, env, serviceUrls, logFolder, mailFolder, setupTokenFile: join(dataFolder, 'setup-token') };
  const own = environmentsOf(parts, stack.database.addresses)[name];
  const second = createServiceProcess({
    name: `second ${name}`,
    url: urlOf(name),
    entry: join(import.meta.dirname, '..', '..', 'services', name, 'src', 'main.ts'),
    env: name === 'gateway' ? { ...own, DATA_FILE: join(dataFolder, 'second.sqlite') } : own,
    logFile: join(logFolder, `second-${name}.log`),
    onNote: () => {},
  });
  await second.start();
  pairs[name].balancer.use(pairs[name].urls);
  return second;
};

beforeAll(async () => {
  pairs = await ofEach(openPair);
  const ports = Object.fromEntries(names.map((name) => [name, Number(new URL(pairs[name].urls[0]).port)]));
  running = await startTestStack(settings(), { ports });
  seconds = await ofEach(startSecond);
  const { http, stack } = running;
  await signUp(http, stack.mailFolder, 'Olive', stack.setupToken ?? undefined);
  team = await foundTeam(http, stack.mailFolder, 'Ada');
  load = await createMixedLoad({ url: pairs.gateway.balancer.url, http, team, pauseMs: 200, signInPauseMs: 500 });
});
afterAll(async () => {
  await Promise.all(names.map((name) => seconds[name].stop()));
  await running.close();
  await Promise.all(names.map((name) => pairs[name].balancer.close()));
  await load.close();
});

const firsts = (): OfEach<ServiceProcess> => {
  const { service } = running.stack;
  return {
    auth: service('auth'),
    'team-resources': service('team-resources'),
    audit: service('audit'),
    gateway: service('gateway'),
  };
};

/** The log lines of the gateways beside those of good answers: the reasons of failures. */
const said = (): readonly string[] =>
  ['gateway', 'second-gateway'].flatMap((name) =>
    readFileSync(join(running.stack.logFolder, `${name}.log`), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('"status":2')),
  );

/** Stops and starts a process. */
const restart = async (process: ServiceProcess): Promise<void> => {
  await process.stop();
  await process.start();
};

test('a rolling restart under load: while a process of each pair is replaced no request fails, and each write is made once', async () => {
  await load.during(async () => {
    // One at a time: a machine that starts several processes at once answers nobody in time.
    const replaced = firsts();
    for (const name of names) await restart(replaced[name]);
  });
  const { failures, counts, acknowledged } = load;
  expect(failures.length === 0 ? [] : [...failures, ...said()]).toEqual([]);
  expect([...counts].filter(([, count]) => count < 20)).toEqual([]);
  const { answered, stored, changes } = await load.versions();
  expect([stored, answered]).toEqual([1 + changes, 1 + changes]);
  const signInAgain = async (): Promise<string> => team.founder.token;
  expect(await writeViolations(running, { team, acknowledged, signInAgain })).toEqual([]);
});
