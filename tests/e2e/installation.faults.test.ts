import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InstallationRun } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { queueUrl, type TestStack } from '../support/test-stack.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { must } from '../support/users.ts';

const services = ['gateway', 'auth', 'team-resources', 'audit'] as const;
const administrator = { email: 'olive@example.test', password: 'a long and quiet sentence', displayName: 'Olive' };
const startedStack = useTestStack(undefined, { isConnectedLater: true });
let run: TestStack;
let solo: Record<string, unknown>;

beforeAll(async () => {
  run = startedStack();
  // A gateway that has just begun to listen has not heard from every service yet, and says so.
  const isKnown = async () => (await run.http.send('GET', '/v1/communities')).body['code'] !== 'SERVICE_UNAVAILABLE';
  await waitFor(isKnown, { what: 'the gateway to know its services' });
  solo = await must(run.http, 201, 'POST', '/v1/workspaces', { body: { name: 'Mine' } });
});

const ask = async (method: string, path: string, headers: Readonly<Record<string, string>>, body?: object) => {
  const response = await fetch(run.stack.urls.gateway + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const asInstaller = () => ({ 'x-guildhall-setup-token': run.stack.setupToken ?? '' });
/** The operator, who can read the file of the local token. */
const asOperator = () => ({
  'x-guildhall-local-token': readFileSync(join(run.dataFolder, 'keys', 'local-token'), 'utf8').trim(),
});
const address = () => {
  const queue = queueUrl();
  return { databaseUrl: run.stack.database.url(), ...(queue === undefined ? {} : { queueUrl: queue }) };
};
/** A second database of the same server. */
const otherAddress = async () => {
  const client = new Client({ connectionString: run.stack.database.url() });
  await client.connect();
  await client.query('CREATE DATABASE another_installation');
  await client.end();
  const url = new URL(run.stack.database.url());
  url.pathname = '/another_installation';
  return { ...address(), databaseUrl: url.href };
};
const stateOf = async () => (await run.http.send('GET', '/v1/installation')).body;
const untilState = (state: string) =>
  waitFor(async () => (await stateOf())['state'] === state, { timeoutMs: 30_000, what: `the installation to be ${state}` });
const logIn = async ({ email, password } = administrator): Promise<string> => {
  return String((await must(run.http, 200, 'POST', '/v1/auth/login', { body: { email, password } }))['accessToken']);
};
const communitiesOf = async (token: string) => (await must(run.http, 200, 'GET', '/v1/communities', { token }))['items'];

/** The states of the run that the progress stream sends, to its end. */
const follow = async (): Promise<InstallationRun[]> => {
  const response = await fetch(`${run.stack.urls.gateway}/v1/installation/events`, { headers: asOperator() });
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '{}']) => JSON.parse(data) as InstallationRun);
};

test('before a database is connected team routes say so, and solo work goes on', async () => {
  expect(await run.http.send('GET', '/v1/communities')).toMatchObject({ status: 503, body: { code: 'NOT_CONFIGURED' } });
  expect(await stateOf()).toMatchObject({ state: 'not_configured', source: null });
  expect(await must(run.http, 200, 'GET', `/v1/workspaces/${String(solo['id'])}`)).toEqual(solo);
});

test('nobody connects one without the setup token', async () => {
  expect((await ask('POST', '/v1/installation/configure', {}, { ...address(), administrator })).status).toBe(401);
  const wrong = { 'x-guildhall-setup-token': 'x'.repeat(43) };
  expect((await ask('POST', '/v1/installation/configure', wrong, { ...address(), administrator })).status).toBe(403);
});

test('a database is tested, then connected step by step, and its first owner signs in', async () => {
  const tested = await ask('POST', '/v1/installation/test', asInstaller(), address());
  expect(tested).toMatchObject({ status: 200, body: { isUsable: true, canCreateRoles: true, holds: 'nothing', faults: [] } });
  const started = await ask('POST', '/v1/installation/configure', asInstaller(), { ...address(), administrator });
  expect(started.status).toBe(202);
  const states = await follow();
  expect(states.at(-1)).toMatchObject({ id: started.body['id'], status: 'succeeded', fault: null, warnings: [] });
  expect(states.at(-1)?.steps.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 'done'));
  await untilState('ready');

  const token = await logIn();
  await must(run.http, 201, 'POST', '/v1/communities', { token, body: { name: 'Night shift' } });
  await waitFor(
    async () =>
      ((await must(run.http, 200, 'GET', '/v1/audit/events?action=community.create', { token }))['items'] as unknown[]).length ===
      1,
    { timeoutMs: 20_000, what: 'the audit event to come over the queue' },
  );
  expect((await ask('POST', '/v1/installation/test', asInstaller(), address())).status).toBe(403);
});

test('all processes killed at once find their way back by themselves', async () => {
  await Promise.all(services.map((name) => run.stack.service(name).kill('SIGKILL')));
  await waitFor(async () => (await stateOf())['state'] === 'ready', { timeoutMs: 40_000, what: 'everybody to be back' });
  expect(await stateOf()).toMatchObject({ source: 'installation' });
  expect(await communitiesOf(await logIn())).toMatchObject([{ name: 'Night shift' }]);
});

test('disconnected, it works solo with nothing lost, and connected again everything is there', async () => {
  const disconnected = await ask('DELETE', '/v1/installation', { authorization: `Bearer ${await logIn()}` });
  expect(disconnected).toMatchObject({ status: 200, body: { state: 'not_configured', source: null } });
  expect(await run.http.send('GET', '/v1/communities')).toMatchObject({ status: 503, body: { code: 'NOT_CONFIGURED' } });
  expect(await must(run.http, 200, 'GET', `/v1/workspaces/${String(solo['id'])}`)).toEqual(solo);

  expect((await ask('POST', '/v1/installation/configure', asOperator(), address())).status).toBe(202);
  await untilState('ready');
  expect(await communitiesOf(await logIn())).toMatchObject([{ name: 'Night shift' }]);
});

test('moved to another database, nothing of the former one counts any more; moved back, it is as it was', async () => {
  const former = await logIn();
  const tail = await fetch(`${run.stack.urls.gateway}/v1/audit/stream`, { headers: { authorization: `Bearer ${former}` } });
  expect(tail.status).toBe(200);
  const tailed = tail.text().catch(() => 'broken off');
  const owner = { email: 'otto@example.test', password: 'another long and quiet sentence', displayName: 'Otto' };
  const moved = await ask('POST', '/v1/installation/configure', asOperator(), {
    ...(await otherAddress()),
    administrator: owner,
  });
  expect(moved.status).toBe(202);
  expect((await follow()).at(-1)).toMatchObject({ id: moved.body['id'], status: 'succeeded' });
  await untilState('ready');

  const token = await logIn(owner);
  expect(await communitiesOf(token)).toEqual([]);
  // The gateway is ready when it knows the keys of the new database, and which sessions ended there.
  expect(await run.http.send('GET', '/v1/auth/me', { token: former })).toMatchObject({ status: 401 });
  expect(await run.http.send('GET', '/v1/audit/events', { token: former })).toMatchObject({ status: 401 });
  await expect(logIn()).rejects.toThrow('answered 401');
  expect(await tailed).not.toContain('otto');

  const back = await ask('POST', '/v1/installation/configure', asOperator(), address());
  // The previous connection serves until the first service moves, so `ready` does not mean that the run has ended.
  expect((await follow()).at(-1)).toMatchObject({ id: back.body['id'], status: 'succeeded' });
  await untilState('ready');
  expect(await communitiesOf(await logIn())).toMatchObject([{ name: 'Night shift' }]);
});
