import { randomUUID } from 'node:crypto';
import type { AuditEventMessage, CommunityPermission, Script } from '@guildhall/contracts';
import { sql } from '@guildhall/db';
import type { StoredFolder, WorkspaceStore } from '@guildhall/workspaces';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSharedWorkspaces } from '../../src/store/shared-workspaces.ts';
import { openTeamDatabase, seedCommunity, seedMember, type TeamDatabase } from '../support/team-database.ts';

/** The refusals of the statements themselves, whatever was read or cached before. */

let team: TeamDatabase;
let store: WorkspaceStore;

beforeAll(async () => {
  team = await openTeamDatabase();
  store = createSharedWorkspaces(team.database.connection);
});
afterAll(() => team.close());

const at = '2026-01-31T08:30:00.000Z';
const event = (): AuditEventMessage => ({
  id: randomUUID(),
  kind: 'audit',
  occurredAt: at,
  payload: {
    actor: { type: 'user', id: 'x' },
    action: 'script.update',
    resource: { type: 'script', id: 'x' },
    result: 'success',
    requestId: 'x',
    service: 'test',
  },
});
const writeBy = (userId: string, permission: CommunityPermission) => ({ userId, permission, event: event() });

const newHome = async () => {
  const { communityId, owner } = await seedCommunity(team.database);
  const place = { communityId, createdBy: owner, version: 1, createdAt: at, updatedAt: at };
  const workspace = { id: randomUUID(), mode: 'shared', name: 'w', description: '', ...place } as const;
  await store.insertWorkspace(workspace, writeBy(owner, 'workspace:create'), null);
  const { communityId: _community, ...row } = place;
  const script: Script = { id: randomUUID(), workspaceId: workspace.id, name: 's', language: 'sql', content: '1', ...row };
  expect(await store.scripts.insert(script, writeBy(owner, 'script:create'), null)).toBe(true);
  const fields = { name: 'f', definition: '{"Type":"Folder"}', jobCount: 0 };
  const folder: StoredFolder = { id: randomUUID(), workspaceId: workspace.id, ...fields, ...row };
  expect(await store.controlMFolders.insert(folder, writeBy(owner, 'control-m:create'), null)).toBe(true);
  return { communityId, owner, workspace, script, folder };
};
type Made = Awaited<ReturnType<typeof newHome>>;

const writes: Readonly<Record<string, (made: Made, userId: string) => Promise<boolean>>> = {
  insertWorkspace: ({ workspace }, userId) =>
    store.insertWorkspace({ ...workspace, id: randomUUID() }, writeBy(userId, 'workspace:create'), null),
  saveWorkspace: ({ workspace }, userId) =>
    store.saveWorkspace({ ...workspace, version: 2 }, false, writeBy(userId, 'workspace:update')),
  insertScript: ({ script }, userId) =>
    store.scripts.insert({ ...script, id: randomUUID() }, writeBy(userId, 'script:create'), null),
  saveScript: ({ script }, userId) => store.scripts.save({ ...script, version: 2 }, writeBy(userId, 'script:update')),
  deleteScript: ({ script }, userId) => store.scripts.delete({ ...script, version: 2 }, writeBy(userId, 'script:delete')),
  insertFolder: ({ folder }, userId) =>
    store.controlMFolders.insert({ ...folder, id: randomUUID(), name: 'g' }, writeBy(userId, 'control-m:create'), null),
  saveFolder: ({ folder }, userId) => store.controlMFolders.save({ ...folder, version: 2 }, writeBy(userId, 'control-m:update')),
  deleteFolder: ({ folder }, userId) =>
    store.controlMFolders.delete({ ...folder, version: 2 }, writeBy(userId, 'control-m:delete')),
};
const ofDocuments = Object.keys(writes).filter((name) => !name.endsWith('Workspace'));

const eventsAndRows = () =>
  Promise.all(
    [
      sql.fragment`team.outbox_events`,
      sql.fragment`team.scripts`,
      sql.fragment`team.script_versions`,
      sql.fragment`team.control_m_folders`,
    ].map(async (table) => (await team.database.connection.query(sql.unsafe`SELECT 1 FROM ${table}`)).rowCount),
  );

test.each(Object.keys(writes))('%s refuses a viewer, a removed member and a stranger, and stores nothing', async (name) => {
  const made = await newHome();
  const [viewer, removed] = [`viewer-${randomUUID()}`, `removed-${randomUUID()}`];
  await seedMember(team.database, made.communityId, viewer, 'viewer');
  await seedMember(team.database, made.communityId, removed, 'owner');
  await team.database.connection.query(
    sql.unsafe`UPDATE team.resource_memberships SET deleted_at = now() WHERE user_id = ${removed}`,
  );
  const before = await eventsAndRows();
  for (const userId of [viewer, removed, 'stranger'])
    expect([userId, await writes[name]?.(made, userId)]).toEqual([userId, false]);
  expect(await eventsAndRows()).toEqual(before);
  expect(await writes[name]?.(made, made.owner)).toBe(true);
});

test.each(Object.keys(writes))('%s refuses what lies in a deleted community', async (name) => {
  const made = await newHome();
  await team.database.connection.query(
    sql.unsafe`UPDATE team.communities SET deleted_at = now() WHERE id = ${made.communityId}::uuid`,
  );
  expect(await writes[name]?.(made, made.owner)).toBe(false);
});

test.each(ofDocuments)('%s refuses what lies in a deleted workspace', async (name) => {
  const made = await newHome();
  await store.saveWorkspace({ ...made.workspace, version: 2 }, true, writeBy(made.owner, 'workspace:delete'));
  expect(await writes[name]?.(made, made.owner)).toBe(false);
});
