import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { foundTeam, type Team } from '../support/team.ts';
import type { TestStack } from '../support/test-stack.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { must } from '../support/users.ts';

const startedStack = useTestStack(() => ({ REQUESTS_PER_MINUTE_MAX: '1000000' }));
let run: TestStack;
let team: Team;
beforeAll(async () => {
  run = startedStack();
  team = await foundTeam(run.http, run.stack.mailFolder, 'Ada');
});

const scripts = 60;

/** A solo workspace of scripts with two versions each. Returns its path. */
const fillSolo = async (): Promise<string> => {
  const { http } = run;
  const url = `/v1/workspaces/${String((await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Night' } }))['id'])}`;
  for (let n = 0; n < scripts; n += 1) {
    const body = { name: `job-${n}`, language: 'shell', content: `echo ${n}\n` };
    const { id } = await must(http, 201, 'POST', `${url}/scripts`, { body });
    const change = { body: { content: `echo ${n}, again\n` }, ifMatch: '"1"' };
    await must(http, 200, 'PATCH', `${url}/scripts/${String(id)}`, change);
  }
  return url;
};

/** Every script of a workspace with its versions; with a token those of the shared one. But for who made them. */
const readAll = async (url: string, token?: string): Promise<unknown> => {
  const { http } = run;
  const found: unknown[] = [];
  const page = await must(http, 200, 'GET', `${url}/scripts?limit=100`, { token });
  for (const { id } of page['items'] as { id: string }[]) {
    found.push(await must(http, 200, 'GET', `${url}/scripts/${id}`, { token }));
    for (const version of [1, 2]) found.push(await must(http, 200, 'GET', `${url}/scripts/${id}/versions/${version}`, { token }));
  }
  return found.map((each) => ({ ...(each as object), createdBy: 'somebody', createdByName: 'Somebody' }));
};

/** Holds up whoever writes versions of scripts while `work` runs. */
const whileVersionsWait = async (work: () => Promise<void>): Promise<void> => {
  const client = new Client({ connectionString: run.stack.database.url() });
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE team.script_versions IN SHARE MODE');
    await work();
  } finally {
    await client.end();
  }
};

test('a gateway that is killed in the middle of a share goes on with it when it is asked again, and nothing is lost', async () => {
  const { http, stack } = run;
  const { token } = team.founder;
  const url = await fillSolo();
  const before = await readAll(url);
  const share = { token, body: { communityId: team.communityId } };
  const state = async () => (await http.send('POST', `${url}/share?dryRun=true`, share)).body['state'];
  expect(await state()).toBe('solo');

  await whileVersionsWait(async () => {
    const cut = http.send('POST', `${url}/share`, share).then(
      ({ status }) => status,
      () => 'cut off',
    );
    await waitFor(async () => (await state()) === 'interrupted', { what: 'the share to begin' });
    await stack.service('gateway').kill('SIGKILL', { staysDown: true });
    expect(await cut).toBe('cut off');
  });
  await stack.service('gateway').start();
  await waitFor(async () => (await state()) === 'interrupted', { what: 'the gateway to answer' });
  const shared = await must(http, 200, 'GET', `/v1/communities/${team.communityId}/workspaces`, { token });
  expect((shared['items'] as { id: string }[]).map(({ id }) => id)).toEqual([team.workspaceId]);

  const counts = { scripts, scriptVersions: 2 * scripts };
  expect(await must(http, 200, 'POST', `${url}/share`, share)).toMatchObject({ state: 'shared', ...counts });
  expect(await readAll(url, token)).toEqual(before);
  expect(await readAll(url)).toEqual(before);
});
