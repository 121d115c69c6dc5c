import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomFrom } from '../chaos/random.ts';
import { fillSoloWorkspace } from '../contract/solo-rows.ts';
import { exportShared, forgetShared } from '../support/exported-workspace.ts';
import { foundTeam, type Team } from '../support/team.ts';
import type { TestStack } from '../support/test-stack.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { must } from '../support/users.ts';

/** Shares and synchronisations of real processes, which are killed at random points and run again. */

const longMs = 600_000;
const seed = 20_261_129;

const startedStack = useTestStack(() => ({ REQUESTS_PER_MINUTE_MAX: '1000000' }));
let run: TestStack;
let team: Team;
let client: Client;
beforeAll(async () => {
  run = startedStack();
  team = await foundTeam(run.http, run.stack.mailFolder, 'Ada');
  client = new Client({ connectionString: run.stack.database.url() });
  await client.connect();
});
afterAll(() => client.end());

/** Works on the gateway's file, beside the gateway. */
const onSoloFile = <T>(work: (sqlite: Sqlite.Database) => T): T => {
  const sqlite = new Sqlite(join(run.dataFolder, 'solo', 'guildhall.sqlite'), { timeout: 10_000 });
  try {
    return work(sqlite);
  } finally {
    sqlite.close();
  }
};

/** The number of rows of a workspace that the shared database has. */
const sharedRowCount = async (workspaceId: string): Promise<number> => {
  const { rows } = await client.query<{ count: number }>(
    `SELECT ((SELECT count(*) FROM team.scripts WHERE workspace_id = $1)
       + (SELECT count(*) FROM team.script_versions WHERE script_id IN (SELECT id FROM team.scripts WHERE workspace_id = $1))
       + (SELECT count(*) FROM team.control_m_folders WHERE workspace_id = $1))::float8 AS count`,
    [workspaceId],
  );
  return rows[0]?.count ?? 0;
};

const victims: readonly ['gateway', 'team-resources'] = ['gateway', 'team-resources'];

/**
 * Sends a request whose work changes `progress`, and kills the gateway or team-resources once it has come to `at`. Starts what was
 * killed, and returns once the gateway answers for it again.
 */
const killAt = async (
  victim: (typeof victims)[number],
  path: string,
  {
    body,
    progress,
    at,
  }: { readonly body?: Record<string, unknown>; readonly progress: () => Promise<number>; readonly at: number },
): Promise<void> => {
  const { http, stack } = run;
  const { token } = team.founder;
  let isOver = false;
  const cut = http.send('POST', path, { token, ...(body === undefined ? {} : { body }) }).then(
    () => (isOver = true),
    () => (isOver = true),
  );
  await waitFor(async () => isOver || (await progress()) >= at, {
    what: `${path} to come to ${at}`,
    timeoutMs: 120_000,
    // Each look counts thousands of rows: looks without a pause would take the processor from the share.
    intervalMs: 20,
  });
  await stack.service(victim).kill('SIGKILL', { staysDown: true });
  await cut;
  await stack.service(victim).start();
  await waitFor(async () => (await http.send('GET', '/v1/communities', { token })).status === 200, {
    what: `the gateway to answer for ${victim}`,
    timeoutMs: 60_000,
  });
};

const scripts = 60;

/** A solo workspace of scripts with two versions each. Returns its path, and their ids. */
const fillSolo = async (): Promise<{ readonly url: string; readonly ids: readonly string[] }> => {
  const { http } = run;
  const url = `/v1/workspaces/${String((await must(http, 201, 'POST', '/v1/workspaces', { body: { name: 'Night' } }))['id'])}`;
  const ids: string[] = [];
  for (let n = 0; n < scripts; n += 1) {
    const body = { name: `job-${n}`, language: 'shell', content: `echo ${n}\n` };
    const { id } = await must(http, 201, 'POST', `${url}/scripts`, { body });
    const change = { body: { content: `echo ${n}, again\n` }, ifMatch: '"1"' };
    await must(http, 200, 'PATCH', `${url}/scripts/${String(id)}`, change);
    ids.push(String(id));
  }
  return { url, ids };
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
  await client.query('BEGIN; LOCK TABLE team.script_versions IN SHARE MODE');
  try {
    await work();
  } finally {
    await client.query('ROLLBACK');
  }
};

test(
  'a share of ten thousand rows that is killed at random points and run again is byte for byte the one that was not, with one event',
  async () => {
    const { http } = run;
    const { token } = team.founder;
    const workspaceId = randomUUID();
    onSoloFile((sqlite) => fillSoloWorkspace(sqlite, workspaceId, { scripts: 3_150, folders: 300 }));
    const path = `/v1/workspaces/${workspaceId}/share`;
    const share = { token, body: { communityId: team.communityId } };
    const shared = await must(http, 200, 'POST', path, share);
    const counts = ['scripts', 'scriptVersions', 'controlMFolders', 'controlMFolderVersions', 'controlMDocuments'];
    expect(counts.reduce((sum, kind) => sum + Number(shared[kind]), 0)).toBeGreaterThan(10_000);
    const whole = await exportShared(client, workspaceId);
    const rowCount = await sharedRowCount(workspaceId);

    await forgetShared(client, workspaceId);
    onSoloFile((sqlite) => {
      for (const table of ['workspace_shares', 'sync_bases']) {
        sqlite.prepare(`DELETE FROM ${table} WHERE workspace_id = ?`).run(workspaceId);
      }
    });
    const random = randomFrom(seed);
    const points = Array.from({ length: 3 }, () => 1 + random.below(rowCount)).toSorted((one, other) => one - other);
    for (const at of points) {
      const victim = random.pick(victims);
      await killAt(victim, path, { body: share.body, progress: () => sharedRowCount(workspaceId), at });
      const listed = await must(http, 200, 'GET', `/v1/communities/${team.communityId}/workspaces`, { token });
      const isShown = (listed['items'] as { id: string }[]).some(({ id }) => id === workspaceId);
      expect(isShown && (await sharedRowCount(workspaceId)) < rowCount, `half of it is shown, killed at ${at}`).toBe(false);
    }
    expect(await must(http, 200, 'POST', path, share)).toEqual(shared);
    expect((await exportShared(client, workspaceId)) === whole).toBe(true);
  },
  longMs,
);

test(
  'a synchronisation that is killed at random points and run again pushes each edit once, and leaves both sides equal',
  async () => {
    const { http } = run;
    const { token } = team.founder;
    const { url, ids } = await fillSolo();
    const workspaceId = url.slice(url.lastIndexOf('/') + 1);
    await must(http, 200, 'POST', `${url}/share`, { token, body: { communityId: team.communityId } });
    for (const [n, id] of ids.entries()) {
      const content = { body: { content: `echo ${n}, edited\n` }, ifMatch: '"2"' };
      // Every third one is edited there, the others here.
      await must(http, 200, 'PATCH', `${url}/scripts/${id}`, n % 3 === 0 ? { ...content, token } : content);
    }
    const before = await sharedRowCount(workspaceId);
    const random = randomFrom(seed);
    const points = Array.from({ length: 3 }, () => 1 + random.below(38)).toSorted((one, other) => one - other);
    for (const at of points) {
      const victim = random.pick(victims);
      await killAt(victim, `${url}/sync`, { progress: async () => (await sharedRowCount(workspaceId)) - before, at });
    }
    expect(await must(http, 200, 'POST', `${url}/sync`, { token })).toMatchObject({ state: 'finished', remaining: 0 });
    expect(await must(http, 200, 'POST', `${url}/sync`, { token })).toMatchObject({ rows: [], unchanged: scripts });
    expect((await sharedRowCount(workspaceId)) - before).toBe(40);
    for (const [n, id] of ids.entries()) {
      const [mine, theirs] = [
        await must(http, 200, 'GET', `${url}/scripts/${id}`),
        await must(http, 200, 'GET', `${url}/scripts/${id}`, { token }),
      ];
      expect([mine['content'], theirs['content'], theirs['version']]).toEqual([`echo ${n}, edited\n`, `echo ${n}, edited\n`, 3]);
    }
  },
  longMs,
);

test(
  'a gateway that is killed in the middle of a share goes on with it when it is asked again, and nothing is lost',
  { timeout: longMs },
  async () => {
    const { http, stack } = run;
    const { token } = team.founder;
    const { url } = await fillSolo();
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
    expect((shared['items'] as { id: string }[]).map(({ id }) => id)).not.toContain(url.slice(url.lastIndexOf('/') + 1));

    const counts = { scripts, scriptVersions: 2 * scripts };
    expect(await must(http, 200, 'POST', `${url}/share`, share)).toMatchObject({ state: 'shared', ...counts });
    expect(await readAll(url, token)).toEqual(before);
    expect(await readAll(url)).toEqual(before);
  },
);
