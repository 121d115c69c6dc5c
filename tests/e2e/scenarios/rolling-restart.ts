import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startTcpBalancer, waitFor, type TcpBalancer } from '@guildhall/testkit';
import getPort from 'get-port';
import { expect, onTestFinished, test } from 'vitest';
import { createServiceProcess, type ServiceProcess } from '../../../tools/dev/service-process.ts';
import { environmentsOf } from '../../../tools/dev/services.ts';
import type { StackServiceName } from '../../../tools/dev/stack-options.ts';
import type { Team } from '../../support/team.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';

const names = ['auth', 'team-resources', 'audit', 'gateway'] as const;
type Each<T> = Readonly<Record<StackServiceName, T>>;

const eachOf = async <T>(make: (name: StackServiceName) => Promise<T>): Promise<Each<T>> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await make(name)]))) as Each<T>;

/** One name for the replicas of each service, at which the others find it. */
export interface Names {
  readonly ports: Each<number>;
  readonly env: Readonly<Record<string, string>>;
  readonly balancers: Each<TcpBalancer>;
  close(): void;
}

/** A balancer for each service, in front of a stack that is still to be started on `ports`. */
export const nameServices = async (): Promise<Names> => {
  const ports = await eachOf(() => getPort());
  const balancers = await eachOf((name) => startTcpBalancer([`http://127.0.0.1:${ports[name]}`]));
  const env = {
    AUTH_URL: balancers.auth.url,
    TEAM_RESOURCES_URL: balancers['team-resources'].url,
    AUDIT_URL: balancers.audit.url,
  };
  return { ports, env, balancers, close: () => Object.values(balancers).forEach((balancer) => balancer.close()) };
};

/** Starts another process of each service beside those of a stack. */
const startSecond = async ({ stack, dataFolder }: TestStack, env: Names['env']): Promise<Each<ServiceProcess>> => {
  const serviceUrls = await eachOf(async () => `http://127.0.0.1:${await getPort()}`);
  const folders = { logFolder: stack.logFolder, mailFolder: stack.mailFolder, setupTokenFile: join(dataFolder, 'setup-token') };
  const { gateway } = stack.urls;
  const same = { PUBLIC_URL: gateway.replace('127.0.0.1', 'localhost'), WITNESSES: `${gateway}/witness` };
  const all = { ...env, ...same, BCRYPT_COST: '4', REQUESTS_PER_MINUTE_MAX: '1000000' };
  const environments = environmentsOf({ dataFolder, serviceUrls, ...folders, env: all }, stack.database.addresses);
  mkdirSync(join(dataFolder, 'second'));
  return eachOf(async (name) => {
    const replica = createServiceProcess({
      name,
      entry: join(import.meta.dirname, '../../../services', name, 'src/main.ts'),
      url: serviceUrls[name],
      // Solo work is one process's.
      env: { ...environments[name], ...(name === 'gateway' ? { DATA_FILE: join(dataFolder, 'second/solo.sqlite') } : {}) },
      logFile: join(stack.logFolder, `${name}-second.log`),
      onNote: () => {},
    });
    onTestFinished(() => replica.stop());
    await replica.start();
    return replica;
  });
};

const isReady = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/readyz`);
  const { sharedDatabase } = (await answer.json()) as { readonly sharedDatabase?: { readonly status: string } };
  return answer.ok && sharedDatabase?.status === 'ready';
};
const untilReady = ({ name, url }: ServiceProcess): Promise<boolean> =>
  waitFor(() => isReady(url), { timeoutMs: 60_000, what: `${name} to be ready` });

interface Load {
  /** What was answered otherwise than it had to be, or not at all. */
  readonly failures: readonly string[];
  readonly answered: () => number;
  readonly created: readonly string[];
  stop(): Promise<void>;
}

/** Clients of the gateway that each send their next request when the last one is answered. */
const startLoad = (gateway: string, { founder, scripts, communityId }: Team): Load => {
  const over = new AbortController();
  const failures: string[] = [];
  const created: string[] = [];
  let answered = 0;
  const send = async (method: string, path: string, wanted: number, body?: object): Promise<Record<string, unknown>> => {
    const headers = {
      authorization: `Bearer ${founder.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    try {
      const response = await fetch(gateway + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
      const text = await response.text();
      if (response.status !== wanted) failures.push(`${method} ${path} ${response.status} ${text}`);
      answered += 1;
      return JSON.parse(text) as Record<string, unknown>;
    } catch (error) {
      failures.push(`${method} ${path} ${String(error)} ${String(error instanceof Error ? error.cause : '')}`);
      return {};
    }
  };
  const create = async (): Promise<void> => {
    const { id } = await send('POST', scripts, 201, { name: `job ${randomUUID()}`, language: 'shell', content: 'true' });
    if (typeof id === 'string') created.push(id);
  };
  const kinds = [
    create,
    () => send('GET', scripts, 200),
    () => send('GET', '/v1/auth/me', 200),
    () => send('GET', `/v1/communities/${communityId}/audit/events?limit=1`, 200),
  ];
  const clients = [...kinds, ...kinds].map(async (ask) => {
    while (!over.signal.aborted) {
      await ask();
      await pause(pauseMs);
    }
  });
  const stop = async (): Promise<void> => {
    over.abort();
    await Promise.all(clients);
  };
  return { failures, answered: () => answered, created, stop };
};

const longMs = 300_000;
const pauseMs = 20;
/** Requests that are answered before and behind each change. */
const betweenChanges = 40;

/** Tests that a new version can be brought in without anybody noticing. */
export const testRollingRestart = (startedStack: () => TestStack, namesOf: () => Names, teamOf: () => Team): void => {
  test(
    'every process of every service is stopped and started again, one by one and under load: no request fails, and no change is lost',
    async () => {
      const run = startedStack();
      const { env, balancers } = namesOf();
      const second = await startSecond(run, env);
      const replicas = await eachOf(async (name) => [run.stack.service(name), second[name]] as const);
      await Promise.all(Object.values(second).map(untilReady));
      for (const name of names) balancers[name].use(replicas[name].map(({ url }) => url));

      const team = teamOf();
      const load = startLoad(balancers.gateway.url, team);
      onTestFinished(load.stop);
      const goOn = (): Promise<boolean> => {
        const before = load.answered();
        return waitFor(() => load.answered() >= before + betweenChanges || load.failures.length > 0, {
          timeoutMs: 60_000,
          what: 'answers',
        });
      };
      await goOn();
      for (const name of names)
        for (const replica of replicas[name]) {
          await replica.kill('SIGTERM', { staysDown: true });
          await goOn();
          await replica.start();
          await untilReady(replica);
          await goOn();
          expect(load.failures, `after ${name} at ${replica.url} was replaced`).toEqual([]);
        }
      await load.stop();

      const { token } = team.founder;
      const isTold = async (id: string): Promise<boolean> => {
        const path = `/v1/communities/${team.communityId}/audit/events?resourceType=script&resourceId=${id}`;
        return ((await must(run.http, 200, 'GET', path, { token }))['items'] as unknown[]).length === 1;
      };
      expect(new Set(load.created).size).toBeGreaterThan(names.length);
      for (const id of load.created.slice(-3)) await waitFor(() => isTold(id), { what: `the event of script ${id}` });
    },
    longMs,
  );
};
