import type { InstallationRun } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { easyInstaller } from '../support/attachments.ts';
import { ask, startTestGateway } from '../support/gateway.ts';
import { administrator, useUnconfiguredGateway } from '../support/unconfigured-gateway.ts';

const current = useUnconfiguredGateway({ TRUSTED_PROXIES: '127.0.0.1' }, { installerOf: easyInstaller });

const configure = async (): Promise<void> => {
  const { gateway, headers } = current();
  const body = { databaseUrl: 'postgres://root:admin-secret@db.example/guildhall', administrator };
  expect((await ask(`${gateway.url}/v1/installation/configure`, { method: 'POST', headers, body })).status).toBe(202);
};
const follow = ({ ip = '198.51.100.99', signal = null }: { ip?: string; signal?: AbortSignal | null } = {}) =>
  fetch(`${current().gateway.url}/v1/installation/events`, { headers: { ...current().headers, 'x-forwarded-for': ip }, signal });
const runsIn = (text: string): InstallationRun[] =>
  [...text.matchAll(/^event: run\ndata: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json) as InstallationRun);

test('a follower gets the run as it is, each change, and the end', async () => {
  const { attachments } = current();
  attachments.held = true;
  await configure();
  await waitFor(() => attachments.told.length > 0);
  const response = await follow();
  expect([response.status, response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    'nosniff',
  ]);
  attachments.held = false;
  const runs = runsIn(await response.text());
  expect([runs[0]?.status, runs.at(-1)?.status, new Set(runs.map(({ id }) => id)).size]).toEqual(['running', 'succeeded', 1]);
  const done = runs.map(({ steps }) => steps.filter(({ status }) => status === 'done').length);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done.at(-1)).toBe(7);
});

test('without a run there is nothing to follow; after one it is told once', async () => {
  const { attachments, gateway, team } = current();
  expect(await (await follow()).text()).toBe('');
  attachments.held = true;
  await configure();
  const following = await follow();
  attachments.held = false;
  const whole = runsIn(await following.text());
  const owner = await team.issuer.sign({ userId: 'ada', permissions: ['installation:manage'] });
  const later = await ask(`${gateway.url}/v1/installation/events`, { token: owner });
  expect(runsIn(String(later.body))).toEqual([whole.at(-1)]);
});

test('one address follows four times at most; more followers than there is room for are refused, and who leaves makes room', async () => {
  const { attachments } = current();
  attachments.held = true;
  await configure();
  const leaving = Array.from({ length: 32 }, () => new AbortController());
  const followers = await Promise.all(
    leaving.map(({ signal }, index) => follow({ ip: `198.51.100.${Math.floor(index / 4)}`, signal })),
  );
  expect(new Set(followers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await follow({ ip: '198.51.100.0' })).status).toBe(429);
  expect((await follow()).status).toBe(503);
  for (const one of leaving) one.abort();
  const again = await waitFor(async () => {
    const response = await follow();
    if (response.status === 200) return response;
    await response.text();
    return undefined;
  });
  attachments.held = false;
  expect(runsIn(await again.text()).at(-1)?.status).toBe('succeeded');
});

test('closing the gateway ends what is followed while its run still works, and the run goes on at the next start', async () => {
  const { attachments, gateway, team } = current();
  attachments.held = true;
  await configure();
  const response = await follow();
  const [text] = await Promise.all([response.text(), gateway.close()]);
  expect(runsIn(text).at(-1)?.status).toBe('running');
  attachments.held = false;
  const again = await startTestGateway({ ...team.env, DATA_FILE: `${gateway.folder}/solo.db` }, { installerOf: easyInstaller });
  await waitFor(async () => {
    const { body } = await ask(`${again.url}/v1/installation`);
    return (body as { run: InstallationRun | null }).run?.status === 'succeeded';
  });
  await again.stop();
  expect(attachments.owners).toEqual(['ada@example.org']);
});
