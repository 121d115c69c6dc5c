import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foundTeam, type Team } from '../support/team.ts';
import { startTestStack, type TestStack } from '../support/test-stack.ts';
import { must } from '../support/users.ts';

const services = ['gateway', 'auth', 'team-resources', 'audit'] as const;
let run: TestStack;
let team: Team;

beforeAll(async () => {
  run = await startTestStack();
  team = await foundTeam(run.http, run.stack.mailFolder, 'Ada');
});
afterAll(() => run.close());

test('while PostgreSQL is stopped, team routes say so and solo work goes on; when it is back, so is everything', async () => {
  const { http, stack } = run;
  const { token } = team.founder;
  const pids = services.map((name) => stack.service(name).pid);
  const solo = await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Mine' } });

  await stack.database.stop();
  await waitFor(async () => (await http.send('GET', '/v1/communities', { token })).status === 503, {
    what: 'the outage to be noticed',
  });
  expect((await http.send('GET', '/v1/communities', { token })).body).toMatchObject({
    status: 503,
    code: 'SHARED_DB_UNAVAILABLE',
  });
  expect(
    (await http.send('POST', team.scripts, { token, body: { name: 'a', language: 'shell', content: '' } })).body,
  ).toMatchObject({
    status: 503,
    code: 'SHARED_DB_UNAVAILABLE',
  });
  expect((await http.send('POST', '/v1/auth/login', { body: { email: 'a@example.test', password: 'x' } })).body).toMatchObject({
    code: 'SHARED_DB_UNAVAILABLE',
  });
  expect(await must(http, 200, 'GET', `/v1/workspaces/${String(solo['id'])}`)).toEqual(solo);
  expect(await must(http, 200, 'GET', '/v1/workspaces', { token })).toEqual({
    items: [solo],
    nextCursor: null,
    shared: {
      status: 'unavailable',
      detail: 'The shared database cannot be reached right now. Personal workspaces go on working.',
    },
  });
  await must(http, 201, 'POST', `/v1/workspaces/${String(solo['id'])}/scripts`, {
    body: { name: 'b', language: 'shell', content: 'true' },
  });

  await stack.database.start();
  await waitFor(async () => (await http.send('GET', '/v1/communities', { token })).status === 200, { what: 'the recovery' });
  await must(http, 201, 'POST', team.scripts, { token, body: { name: 'c', language: 'shell', content: 'true' } });
  expect(services.map((name) => stack.service(name).pid)).toEqual(pids);
});
