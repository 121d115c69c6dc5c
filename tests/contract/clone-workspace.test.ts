import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ControlMImport, Workspace } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, codeOf, startTestGateway, type Asked, type TestGateway } from '../../services/gateway/test/support/gateway.ts';
import { startStandInTeam, type StandInTeam } from '../../services/gateway/test/support/team.ts';
import { seedCommunity, seedMember } from '../../services/team-resources/test/support/team-database.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { differentColumns, fillEveryColumn, sharedRows, soloRows } from './every-column.ts';

/** A gateway with its solo file before a real team-resources; auth and audit are stood in for. */

let fixture: Awaited<ReturnType<typeof startFixture>>;
let team: StandInTeam;
let gateway: TestGateway;
let client: Client;
let communityId: string;
let token: string;
let viewerToken: string;

beforeAll(async () => {
  fixture = await startFixture();
  team = await startStandInTeam();
  gateway = await startTestGateway({ ...team.env, TEAM_RESOURCES_URL: fixture.url });
  client = new Client({ connectionString: fixture.database?.url });
  await client.connect();
  const seeded = await seedCommunity(fixture.tables);
  communityId = seeded.communityId;
  token = await team.issuer.sign({ userId: seeded.owner });
  await seedMember(fixture.tables, communityId, 'a-viewer', 'viewer');
  viewerToken = await team.issuer.sign({ userId: 'a-viewer' });
  await waitFor(async () => (await ask(at('/v1/communities'), { token })).status === 200, {
    what: 'the gateway to know its services',
  });
});
afterAll(async () => {
  await client.end();
  await gateway.stop();
  await team.stop();
  await fixture.close();
});

const at = (path: string): string => `${gateway.url}${path}`;
const post = async (path: string, body: object): Promise<{ id: string }> => {
  const answer = await ask(at(path), { method: 'POST', body, token });
  expect([path, answer.status]).toEqual([path, 201]);
  return answer.body as { id: string };
};

/** A shared workspace with a script of two versions, a deleted script, and a folder that came in a document. */
const sharedWorkspace = async () => {
  const { id } = await post(`/v1/communities/${communityId}/workspaces`, { name: 'Night' });
  const url = `/v1/workspaces/${id}`;
  const script = await post(`${url}/scripts`, { name: 'load.sh', language: 'shell', content: 'echo né\n', tags: ['nightly'] });
  const scriptUrl = `${url}/scripts/${script.id}`;
  const change = { method: 'PATCH', token, body: { content: 'echo 2\n', note: 'Again' }, headers: { 'if-match': '"1"' } };
  await ask(at(scriptUrl), change);
  const gone = await post(`${url}/scripts`, { name: 'old.sh', language: 'shell', content: '' });
  await ask(at(`${url}/scripts/${gone.id}`), { method: 'DELETE', token, headers: { 'if-match': '"1"' } });
  const documents = [
    { name: 'night.json', text: '{"NIGHT": {"Type": "Folder", "Load": {"Type": "Job:Dummy"}}} // kept\n' },
    { name: 'ping.json', text: '{"Ping": {"Type": "Job:Dummy"}}' },
  ];
  const imported = await ask(at(`${url}/control-m/import`), { method: 'POST', token, body: { documents } });
  const { documentId } = (imported.body as ControlMImport).documents[1] ?? {};
  await ask(at(`${url}/control-m/documents/${documentId}`), { method: 'DELETE', token, headers: { 'if-match': '"1"' } });
  return { id, url, scriptUrl };
};

const clone = (url: string, as = token) => ask(at(`${url}/clone`), { method: 'POST', token: as });

const readAll = async ({ url, scriptUrl }: { readonly url: string; readonly scriptUrl: string }, asked: Asked) => {
  const paths = [
    `${url}/scripts`,
    `${url}/scripts?state=deleted`,
    scriptUrl,
    `${scriptUrl}/versions`,
    `${scriptUrl}/versions/1`,
    `${url}/control-m/folders`,
    `${url}/control-m/documents`,
    `${url}/control-m/documents?state=deleted`,
    `${url}/control-m/export`,
  ];
  const answers = [];
  for (const path of paths) answers.push((await ask(at(path), asked)).body);
  return answers;
};

/** Answers as the solo file gives them, which keeps no names of users. */
const withoutNames = (answers: unknown): unknown =>
  JSON.parse(JSON.stringify(answers, (key, value: unknown) => (key === 'createdByName' ? '' : value)));

/** The versions at which the documents of a copy were last equal to the shared ones, by kind. */
const basesOf = (workspaceId: string): unknown => {
  const sqlite = new Sqlite(join(gateway.folder, 'solo.db'), { readonly: true });
  const bases = sqlite
    .prepare('SELECT kind, own_version, shared_version FROM sync_bases WHERE workspace_id = ? ORDER BY kind, own_version')
    .all(workspaceId);
  sqlite.close();
  return bases;
};

const rows = {
  scripts: 2,
  scriptVersions: 3,
  controlMFolders: 1,
  controlMFolderVersions: 1,
  controlMDocuments: 2,
  controlMDocumentVersions: 2,
};

describe('POST /v1/workspaces/:workspaceId/clone', () => {
  test('copies a shared workspace whole, for who works without signing in', async () => {
    const shared = await sharedWorkspace();
    const answer = await clone(shared.url);
    expect([answer.status, answer.body]).toEqual([
      200,
      { isDryRun: false, state: 'shared', communityId, ...rows, sizeBytes: expect.any(Number) as number },
    ]);
    expect(await readAll(shared, {})).toEqual(withoutNames(await readAll(shared, { token })));
    const theirs = (await ask(at(shared.url), { token })).body as Workspace;
    expect((await ask(at(shared.url))).body).toEqual({ ...theirs, createdByName: '', mode: 'solo', communityId: null });
    // Both scripts are at 2: one was saved twice, the other saved and deleted, as one of the documents was.
    expect(basesOf(shared.id)).toEqual([
      { kind: 'control-m-document', own_version: 1, shared_version: 1 },
      { kind: 'control-m-document', own_version: 2, shared_version: 2 },
      { kind: 'control-m-folder', own_version: 1, shared_version: 1 },
      { kind: 'script', own_version: 2, shared_version: 2 },
      { kind: 'script', own_version: 2, shared_version: 2 },
      { kind: 'workspace', own_version: 1, shared_version: 1 },
    ]);
  });

  test('leaves the copy as it is when it is repeated, also while shared rows change', async () => {
    const { url, scriptUrl } = await sharedWorkspace();
    const first = await clone(url);
    const change = { method: 'PATCH', body: { content: 'echo here\n' }, headers: { 'if-match': '"2"' } };
    expect((await ask(at(scriptUrl), change)).status).toBe(200);
    expect((await ask(at(scriptUrl), { ...change, token, body: { content: 'echo there\n' } })).status).toBe(200);
    expect((await clone(url)).body).toMatchObject({
      ...(first.body as object),
      scriptVersions: 4,
      sizeBytes: expect.any(Number) as number,
    });
    expect((await ask(at(scriptUrl))).body).toMatchObject({ version: 3, content: 'echo here\n' });
  });

  test('brings a viewer what a viewer sees, and a stranger nothing', async () => {
    const { url } = await sharedWorkspace();
    const stranger = await clone(url, await team.issuer.sign({ userId: 'a-stranger' }));
    expect([stranger.status, codeOf(stranger)]).toEqual([404, 'NOT_FOUND']);
    expect((await ask(at(url))).status).toBe(401);
    expect((await clone(url, viewerToken)).body).toMatchObject({ scripts: 1, scriptVersions: 2 });
    const nowhere = await clone(`/v1/workspaces/${randomUUID()}`);
    expect([nowhere.status, codeOf(nowhere)]).toEqual([404, 'NOT_FOUND']);
  });

  test('reads many and long rows page by page', async () => {
    const { id, url } = await sharedWorkspace();
    await client.query(
      `INSERT INTO team.scripts (workspace_id, name, language, content, created_by)
       SELECT $1, 'job-' || n, 'shell', repeat('x', CASE WHEN n % 20 = 0 THEN 400000 ELSE 10 END), 'Ada' FROM generate_series(1, 450) AS n`,
      [id],
    );
    await client.query(
      `INSERT INTO team.script_versions (script_id, version, name, language, content, created_by)
       SELECT id, 1, name, language, content, 'Ada' FROM team.scripts WHERE workspace_id = $1 AND name LIKE 'job-%'`,
      [id],
    );
    expect((await clone(url)).body).toMatchObject({ ...rows, scripts: 452, scriptVersions: 453 });
  });
});

/** The columns that differ after a share, each with its reason. All others are carried. */
const changedByShare: Readonly<Record<string, string>> = {
  'workspaces.created_by': 'Who shares has made everything.',
  'workspaces.community_id': 'A solo workspace has no community.',
  'scripts.created_by': 'Who shares has made everything.',
  'script_versions.created_by': 'Who shares has made everything.',
  'control_m_folders.created_by': 'Who shares has made everything.',
  'control_m_folder_versions.created_by': 'Who shares has made everything.',
  'control_m_documents.created_by': 'Who shares has made everything.',
  'control_m_document_versions.created_by': 'Who shares has made everything.',
};

test('a share carries every column of a workspace, and a clone brings each of them back', async () => {
  const id = randomUUID();
  const sqlite = new Sqlite(join(gateway.folder, 'solo.db'));
  try {
    sqlite.pragma('foreign_keys = ON');
    fillEveryColumn(sqlite, id);
    const answer = await ask(at(`/v1/workspaces/${id}/share`), { method: 'POST', token, body: { communityId } });
    expect([answer.status, answer.body]).toMatchObject([200, { state: 'shared' }]);
    const shared = await sharedRows(client, id);
    expect(differentColumns(soloRows(sqlite, id), shared)).toEqual(Object.keys(changedByShare).toSorted());

    sqlite.prepare('DELETE FROM workspaces WHERE id = ?').run(id);
    expect((await clone(`/v1/workspaces/${id}`)).status).toBe(200);
    expect(differentColumns(soloRows(sqlite, id), shared)).toEqual(['workspaces.community_id']);
  } finally {
    sqlite.close();
  }
});
