import { sql, uncheckedRow } from '@guildhall/db';
import { Client } from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MeasuredRows } from '../../src/core/workspace-imports.ts';
import { createWorkspaceImports } from '../../src/store/workspace-imports.ts';
import { soloWorkspace } from '../support/imported-workspace.ts';
import { openTeamDatabase, seedCommunity, type TeamDatabase } from '../support/team-database.ts';

let team: TeamDatabase;
let target: { readonly communityId: string; readonly owner: string };

beforeAll(async () => {
  team = await openTeamDatabase();
  target = await seedCommunity(team.database);
});
afterAll(() => team.close());

const IdRow = uncheckedRow({ id: Type.String() });
/** A batch without rows. */
const nothing: MeasuredRows = {
  scripts: [],
  scriptVersions: [],
  controlMFolders: [],
  controlMFolderVersions: [],
  controlMDocuments: [],
  controlMDocumentVersions: [],
};
const day = (number: number): string => new Date(Date.UTC(2026, 0, number)).toISOString();

/** Begins an import, with a script. */
const begin = async (at: string): Promise<string> => {
  const { id: workspaceId, workspace } = soloWorkspace();
  const imports = createWorkspaceImports(team.database);
  expect(await imports.begin({ workspaceId, communityId: target.communityId, workspace, userId: target.owner, at })).toBe(true);
  await team.database.connection.query(sql.unsafe`
    INSERT INTO team.scripts (workspace_id, name, language, content, created_by)
    VALUES (${workspaceId}::uuid, 'load.sh', 'shell', '', ${target.owner})`);
  return workspaceId;
};

/** The ids of the workspaces that are there, and those of the workspaces with an import and with scripts. */
const kept = async (): Promise<readonly (readonly string[])[]> => {
  const { connection } = team.database;
  const found = [
    await connection.any(sql.type(IdRow)`SELECT id FROM team.workspaces ORDER BY id`),
    await connection.any(sql.type(IdRow)`SELECT workspace_id AS id FROM team.workspace_imports ORDER BY workspace_id`),
    await connection.any(sql.type(IdRow)`SELECT workspace_id AS id FROM team.scripts ORDER BY workspace_id`),
  ];
  return found.map((rows) => rows.map(({ id }) => id));
};

test('imports that were not begun again for long are purged with their rows, in batches, and complete ones never', async () => {
  const imports = createWorkspaceImports(team.database);
  const [first, second, complete, fresh] = [await begin(day(1)), await begin(day(2)), await begin(day(3)), await begin(day(9))];
  await team.database.connection.query(sql.unsafe`
    UPDATE team.workspace_imports SET completed_at = now() WHERE workspace_id = ${complete}::uuid`);
  const purge = () => imports.purgeAbandonedBefore(day(8), 1);
  expect([await purge(), await purge(), await purge()]).toEqual([1, 1, 0]);
  const ids = [complete, fresh].toSorted();
  expect(await kept()).toEqual([ids, ids, ids]);
  for (const gone of [first, second]) {
    expect(await imports.insertRows(target.owner, gone, nothing)).toBe(false);
  }
});

test('an abandoned import that is written to is not purged, and neither is one that was begun again', async () => {
  const imports = createWorkspaceImports(team.database);
  const workspaceId = await begin(day(1));
  const writer = new Client({ connectionString: team.url });
  await writer.connect();
  try {
    await writer.query('BEGIN');
    await writer.query('SELECT id FROM team.workspace_imports WHERE workspace_id = $1 FOR UPDATE', [workspaceId]);
    expect(await imports.purgeAbandonedBefore(day(8), 10)).toBe(0);
  } finally {
    await writer.end();
  }
  const { workspace } = soloWorkspace();
  await imports.begin({ workspaceId, communityId: target.communityId, workspace, userId: target.owner, at: day(9) });
  expect(await imports.purgeAbandonedBefore(day(8), 10)).toBe(0);
  expect(await imports.purgeAbandonedBefore(day(10), 10)).toBeGreaterThan(0);
});
