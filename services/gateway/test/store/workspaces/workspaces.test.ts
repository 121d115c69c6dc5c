import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEventMessage } from '@guildhall/contracts';
import { workspaceStoreContract } from '@guildhall/workspaces/contract';
import { expect, test } from 'vitest';
import { openSoloDatabase } from '../../../src/store/solo/open.ts';
import { createSoloWorkspaces } from '../../../src/store/workspaces/workspaces.ts';
import { writeSoloFile } from '../../support/solo-file.ts';
import { openSoloStore } from '../../support/solo-store.ts';

workspaceStoreContract('SQLite', openSoloStore);

test('a full disk refuses a change in words, keeps nothing of it, and takes it when there is room', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  const file = path.join(folder, 'solo.db');
  await writeSoloFile(file);
  const database = await openSoloDatabase(file);
  const store = createSoloWorkspaces(database);
  const at = '2026-01-31T08:30:00.000Z';
  const workspace = {
    id: '22222222-2222-4222-8222-222222222222',
    mode: 'solo' as const,
    communityId: null,
    name: 'Large',
    description: 'x'.repeat(100_000),
    createdBy: 'solo',
    createdByName: '',
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const insert = () =>
    store.insertWorkspace(workspace, { userId: 'solo', permission: 'workspace:create', event: {} as AuditEventMessage }, null);
  const { sqlite } = database;
  sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true }))}`);
  await expect(insert()).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: "This machine's disk is full: the change was not stored. Make room, and send it again.",
    retryAfterSeconds: 2,
  });
  expect(await store.findWorkspace('solo', workspace.id)).toBeUndefined();
  sqlite.pragma('max_page_count = 1000000');
  expect([await insert(), (await store.findWorkspace('solo', workspace.id))?.item]).toEqual([true, workspace]);
  database.close();
  rmSync(folder, { recursive: true });
});
