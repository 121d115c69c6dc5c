import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import Sqlite from 'better-sqlite3';
import { ask, codeOf, fromOutside, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startStandInTeam } from '../support/team.ts';

/** Synchronising without a shared database; with one: tests/contract/sync-workspace.test.ts. */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const workspace = async (): Promise<string> => {
  const { body } = await ask(`${gateway.url}/v1/workspaces`, { method: 'POST', body: { name: 'Night' } });
  return `${gateway.url}/v1/workspaces/${(body as { id: string }).id}`;
};

describe('POST /v1/workspaces/:workspaceId/sync', () => {
  test('answers 503 NOT_CONFIGURED in a solo installation, and the workspace stays as it is', async () => {
    const at = await workspace();
    const before = (await ask(at)).body;
    for (const path of ['/sync', '/sync?dryRun=true']) {
      const answer = await ask(`${at}${path}`, { method: 'POST', token: 'any' });
      expect([answer.status, codeOf(answer)]).toEqual([503, 'NOT_CONFIGURED']);
    }
    expect((await ask(at)).body).toEqual(before);
  });

  test('is for this machine’s user alone', async () => {
    const answer = await ask(`${await workspace()}/sync`, { method: 'POST', token: 'any', headers: fromOutside });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('POST /v1/workspaces/:workspaceId/sync/:syncId/undo', () => {
  test('answers 503 NOT_CONFIGURED in a solo installation, and 403 to others', async () => {
    const at = `${await workspace()}/sync/${randomUUID()}/undo`;
    const answer = await ask(at, { method: 'POST', token: 'any' });
    expect([answer.status, codeOf(answer)]).toEqual([503, 'NOT_CONFIGURED']);
    const outside = await ask(at, { method: 'POST', token: 'any', headers: fromOutside });
    expect([outside.status, codeOf(outside)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('/v1/workspaces/:workspaceId/conflicts', () => {
  test.each([
    ['GET', ''],
    ['GET', `/${randomUUID()}`],
    ['POST', `/${randomUUID()}/resolve`],
  ])('%s %s answers 404 for a workspace that is no copy, and 403 to others', async (method, path) => {
    const at = `${await workspace()}/conflicts${path}`;
    const asked = method === 'GET' ? { method } : { method, body: { take: 'mine' } };
    const answer = await ask(at, asked);
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    const outside = await ask(at, { ...asked, headers: fromOutside });
    expect([outside.status, codeOf(outside)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('GET /v1/workspaces/:workspaceId/sync/:syncId', () => {
  test('answers 404 for one that there is not, and 403 to others', async () => {
    const at = `${await workspace()}/sync/${randomUUID()}`;
    const answer = await ask(at);
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    const outside = await ask(at, { headers: fromOutside });
    expect([outside.status, codeOf(outside)]).toEqual([403, 'FORBIDDEN']);
  });
});

/** Tells a solo file that its workspaces are copies of shared ones. */
const markAsCopies = (folder: string): void => {
  const sqlite = new Sqlite(join(folder, 'solo.db'));
  sqlite.exec(
    `INSERT INTO workspace_shares (id, workspace_id, community_id, sha256, shared_at, created_by)
     SELECT id, id, '${randomUUID()}', '', '2026-01-01T00:00:00.000Z', 'ada' FROM workspaces`,
  );
  sqlite.close();
};

/** The rows that synchronising has written. */
const writtenIn = (folder: string): unknown => {
  const sqlite = new Sqlite(join(folder, 'solo.db'), { readonly: true });
  const counts = sqlite
    .prepare(
      `SELECT (SELECT count(*) FROM workspace_syncs) AS syncs, (SELECT count(*) FROM workspace_sync_rows) AS rows,
              (SELECT count(*) FROM sync_conflicts) AS conflicts, (SELECT count(*) FROM sync_bases) AS bases`,
    )
    .get();
  sqlite.close();
  return counts;
};

test.each([
  ['unavailable', 'SHARED_DB_UNAVAILABLE'],
  ['not_configured', 'NOT_CONFIGURED'],
])('while the shared database is %s a copy is not synchronised, and stays as it is', async (state, code) => {
  const team = await startStandInTeam();
  const apart = await startTestGateway(team.env);
  try {
    const { body } = await ask(`${apart.url}/v1/workspaces`, { method: 'POST', body: { name: 'Night' } });
    const at = `${apart.url}/v1/workspaces/${(body as { id: string }).id}`;
    const script = { name: 'load.sh', language: 'shell', content: 'echo 1' };
    expect((await ask(`${at}/scripts`, { method: 'POST', body: script })).status).toBe(201);
    markAsCopies(apart.folder);
    team.states['team-resources'] = state;
    const token = await team.issuer.sign({ userId: 'ada' });
    for (const path of ['/sync?dryRun=true', '/sync', `/sync/${randomUUID()}/undo`]) {
      await waitFor(async () => codeOf(await ask(`${at}${path}`, { method: 'POST', token })) === code, {
        what: `${path} to answer ${code}`,
      });
      expect((await ask(`${at}${path}`, { method: 'POST', token })).status).toBe(503);
    }
    expect(writtenIn(apart.folder)).toEqual({ syncs: 0, rows: 0, conflicts: 0, bases: 0 });
    expect((await ask(`${at}/scripts`)).body).toMatchObject({ items: [{ name: 'load.sh', version: 1 }] });
    expect((await ask(`${at}/conflicts`)).body).toEqual({ items: [], nextCursor: null });
  } finally {
    await apart.stop();
    await team.stop();
  }
});
