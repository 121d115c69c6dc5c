import { randomUUID } from 'node:crypto';
import type { ControlMImport, Workspace } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, codeOf, startTestGateway, type Asked, type TestGateway } from '../../services/gateway/test/support/gateway.ts';
import { startStandInTeam, type StandInTeam } from '../../services/gateway/test/support/team.ts';
import { seedCommunity, seedMember } from '../../services/team-resources/test/support/team-database.ts';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';

/** A gateway with its solo file before a real team-resources; auth and audit are stood in for. */

let fixture: Awaited<ReturnType<typeof startFixture>>;
let team: StandInTeam;
let gateway: TestGateway;
let communityId: string;
let token: string;
let viewerToken: string;

beforeAll(async () => {
  fixture = await startFixture();
  team = await startStandInTeam();
  gateway = await startTestGateway({ ...team.env, TEAM_RESOURCES_URL: fixture.url });
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
  await gateway.stop();
  await team.stop();
  await fixture.close();
});

const at = (path: string): string => `${gateway.url}${path}`;
const post = async (path: string, body: object, asked: Asked = {}): Promise<{ id: string }> => {
  const answer = await ask(at(path), { method: 'POST', body, ...asked });
  expect([path, answer.status]).toEqual([path, 201]);
  return answer.body as { id: string };
};

/** A solo workspace with a script of two versions, a deleted script, a folder and an imported document. */
const soloWorkspace = async () => {
  const { id } = await post('/v1/workspaces', { name: 'Night' });
  const url = `/v1/workspaces/${id}`;
  const script = await post(`${url}/scripts`, { name: 'load.sh', language: 'shell', content: 'echo né\n', tags: ['nightly'] });
  const change = { method: 'PATCH', body: { content: 'echo 2\n', note: 'Again' }, headers: { 'if-match': '"1"' } };
  await ask(at(`${url}/scripts/${script.id}`), change);
  const gone = await post(`${url}/scripts`, { name: 'old.sh', language: 'shell', content: '' });
  await ask(at(`${url}/scripts/${gone.id}`), { method: 'DELETE', headers: { 'if-match': '"1"' } });
  const documents = [
    { name: 'night.json', text: '{"NIGHT": {"Type": "Folder", "Load": {"Type": "Job:Dummy"}}} // kept\n' },
    { name: 'ping.json', text: '{"Ping": {"Type": "Job:Dummy"}}' },
  ];
  const imported = await ask(at(`${url}/control-m/import`), { method: 'POST', body: { documents } });
  const { documentId } = (imported.body as ControlMImport).documents[1] ?? {};
  await ask(at(`${url}/control-m/documents/${documentId}`), { method: 'DELETE', headers: { 'if-match': '"1"' } });
  return { id, url, scriptUrl: `${url}/scripts/${script.id}` };
};

const share = (url: string, { query = '', as = token, into = communityId } = {}) =>
  ask(at(`${url}/share${query}`), { method: 'POST', token: as, body: { communityId: into } });

const rows = {
  scripts: 2,
  scriptVersions: 3,
  controlMFolders: 1,
  controlMFolderVersions: 1,
  controlMDocuments: 2,
  controlMDocumentVersions: 2,
};

/** Reads all of a workspace, but for who made it. */
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
  return JSON.parse(
    JSON.stringify(answers, (key, value: unknown) => (/^createdBy(Name)?$/v.test(key) ? undefined : value)),
  ) as unknown;
};

const workspaceOf = async (url: string, asked: Asked) => (await ask(at(url), asked)).body as Workspace;

describe('POST /v1/workspaces/:workspaceId/share', () => {
  test('moves a solo workspace whole, after a dry run that moves nothing', async () => {
    const solo = await soloWorkspace();
    const [before, workspace] = [await readAll(solo, {}), await workspaceOf(solo.url, {})];
    const planned = await share(solo.url, { query: '?dryRun=true' });
    const sizeBytes = (planned.body as { sizeBytes: number }).sizeBytes;
    expect(planned.body).toEqual({ isDryRun: true, state: 'solo', communityId, ...rows, sizeBytes });
    expect((await ask(at(solo.url), { token })).body).toEqual(workspace);

    const shared = await share(solo.url);
    expect([shared.status, shared.body]).toEqual([200, { isDryRun: false, state: 'shared', communityId, ...rows, sizeBytes }]);
    expect(await readAll(solo, { token })).toEqual(before);
    expect(await workspaceOf(solo.url, { token })).toMatchObject({
      id: solo.id,
      mode: 'shared',
      communityId,
      version: 1,
      name: 'Night',
    });
  });

  test('leaves a copy for who is not signed in, which the list names when the shared one cannot be listed', async () => {
    const solo = await soloWorkspace();
    await share(solo.url);
    const own = { method: 'PATCH', body: { content: 'echo here\n' }, headers: { 'if-match': '"2"' } };
    expect((await ask(at(solo.scriptUrl), own)).status).toBe(200);
    expect((await ask(at(solo.scriptUrl), { token })).body).toMatchObject({ version: 2, content: 'echo 2\n' });
    const theirs = { ...own, token, body: { content: 'echo there\n' } };
    expect((await ask(at(solo.scriptUrl), theirs)).status).toBe(200);
    expect((await ask(at(solo.scriptUrl))).body).toMatchObject({ version: 3, content: 'echo here\n' });

    const modesIn = async (asked: Asked) =>
      ((await ask(at('/v1/workspaces?limit=100'), asked)).body as { items: Workspace[] }).items
        .filter(({ id }) => id === solo.id)
        .map(({ mode }) => mode);
    expect(await modesIn({ token })).toEqual(['shared']);
    expect(await modesIn({})).toEqual(['solo']);
  });

  test('answers the same when it is repeated, also with upper-case letters in the id', async () => {
    const solo = await soloWorkspace();
    const first = await share(solo.url);
    expect((await share(`/v1/workspaces/${solo.id.toUpperCase()}`)).body).toEqual(first.body);
    expect((await share(solo.url, { query: '?dryRun=true' })).body).toEqual({ ...(first.body as object), isDryRun: true });
  });

  test('refuses another community once it is shared, what is not here, and who may not create there', async () => {
    const solo = await soloWorkspace();
    const forbidden = await share(solo.url, { as: viewerToken });
    expect([forbidden.status, codeOf(forbidden)]).toEqual([403, 'FORBIDDEN']);
    const nowhere = await share(solo.url, { into: randomUUID() });
    expect([nowhere.status, codeOf(nowhere)]).toEqual([404, 'NOT_FOUND']);
    expect((await share(`/v1/workspaces/${randomUUID()}`)).status).toBe(404);
    await share(solo.url);
    const other = await share(solo.url, { into: randomUUID() });
    expect([other.status, codeOf(other)]).toEqual([409, 'CONFLICT']);
    const signedOut = await ask(at(`${solo.url}/share`), { method: 'POST', body: { communityId } });
    expect([signedOut.status, codeOf(signedOut)]).toEqual([401, 'UNAUTHENTICATED']);
  });
});
