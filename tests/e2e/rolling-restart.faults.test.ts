import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { choosePort } from '../../tools/dev/ports.ts';
import { createServiceProcess, type ServiceProcess } from '../../tools/dev/service-process.ts';
import { environmentsOf } from '../../tools/dev/services.ts';
import { writeViolations } from '../chaos/outage-writes.ts';
import { startBalancer, type Balancer } from '../support/balancer.ts';
import { foundTeam, type Team } from '../support/team.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { startLimitMs } from '../support/use-test-stack.ts';
import { must, signUp } from '../support/users.ts';

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
/** The id and the version of a script that is changed without a key. */
let changed: { readonly path: string; version: number };

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
  const { token } = team.founder;
  const script = await must(http, 201, 'POST', team.scripts, { token, body: { name: 'first', language: 'shell', content: '' } });
  changed = { path: `${team.scripts}/${String(script['id'])}`, version: Number(script['version']) };
}, startLimitMs);
afterAll(async () => {
  await Promise.all(names.map((name) => seconds[name].stop()));
  await running.close();
  await Promise.all(names.map((name) => pairs[name].balancer.close()));
  await client.close();
});

/** A connection for each request: none that is kept is found closed by its client, whose business that would be. */
const client = new Agent({ pipelining: 0 });

interface Sent {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const failures: string[] = [];
const counts = new Map<string, number>();

const send = async (
  kind: string,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
  headers: object = {},
): Promise<Sent> => {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  try {
    const answer = await request(`${pairs.gateway.balancer.url}${path}`, {
      dispatcher: client,
      method,
      headers: { authorization: `Bearer ${team.founder.token}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) failures.push(`${new Date().toISOString()} ${kind}: ${answer.statusCode} ${text}`);
    return { status: answer.statusCode, body: path.endsWith('/raw') ? {} : (JSON.parse(text) as Sent['body']) };
  } catch (error) {
    failures.push(`${new Date().toISOString()} ${kind}: ${String(error)}`);
    return { status: 0, body: {} };
  }
};

const acknowledged = new Set(['first']);
const create = async (kind: string, content: string): Promise<void> => {
  const name = randomUUID();
  const created = await send(kind, 'POST', team.scripts, { name, language: 'shell', content }, { 'idempotency-key': name });
  if (created.status === 201) acknowledged.add(name);
};
/** A change without a key, which nobody may send again: its version tells whether it was made twice. */
const change = async (): Promise<void> => {
  const { status, body } = await send(
    'change',
    'PATCH',
    changed.path,
    { content: randomUUID() },
    { 'if-match': `"${changed.version}"` },
  );
  if (status === 200) changed.version = Number(body['version']);
};

/** The requests of each kind follow each other with a short pause. Long bodies and raw texts go to a service by HTTP, the others by its lane. */
const load: Readonly<Record<string, () => Promise<unknown>>> = {
  me: () => send('me', 'GET', '/v1/auth/me'),
  sessions: () => send('sessions', 'GET', '/v1/auth/sessions'),
  script: () => send('script', 'GET', changed.path),
  raw: () => send('raw', 'GET', `${changed.path}/raw`),
  list: () => send('list', 'GET', `${team.scripts}?limit=5`),
  audit: () => send('audit', 'GET', `/v1/communities/${team.communityId}/audit/events?limit=5`),
  create: () => create('create', 'true'),
  'long create': () => create('long create', 'x'.repeat(100_000)),
  change,
};
const pauseMs = 100;

/** Loads the stack until `work` is done. */
const underLoad = async (work: () => Promise<void>): Promise<void> => {
  const over = new AbortController();
  const loops = Object.values(load).map(async (sendOne) => {
    while (!over.signal.aborted) {
      await sendOne();
      await pause(pauseMs);
    }
  });
  await work().finally(() => over.abort());
  await Promise.all(loops);
};

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
  await underLoad(async () => {
    // One at a time: a machine that starts several processes at once answers nobody in time.
    const replaced = firsts();
    for (const name of names) await restart(replaced[name]);
  });
  expect(failures.length === 0 ? [] : [...failures, ...said()]).toEqual([]);
  expect(Object.keys(load).filter((kind) => (counts.get(kind) ?? 0) < 20)).toEqual([]);
  const versions = await send('versions', 'GET', changed.path);
  expect(versions.body['version']).toBe(changed.version);
  expect(changed.version).toBe(1 + (counts.get('change') ?? 0));
  const signInAgain = async (): Promise<string> => team.founder.token;
  expect(await writeViolations(running, { team, acknowledged, signInAgain })).toEqual([]);
}, 120_000);
