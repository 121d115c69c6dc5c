import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEventMessage, Workspace } from '@guildhall/contracts';
import { migrationNames } from '@guildhall/migrate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSoloDatabase } from '../../../src/store/solo/open.ts';
import { createSettingsStore } from '../../../src/store/settings/settings.ts';
import { migrationsFolder } from '../../../src/store/solo/file.ts';
import { createSoloWorkspaces } from '../../../src/store/workspaces/workspaces.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  file = path.join(folder, 'data', 'solo.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = '2026-01-31T08:30:00.000Z';
const event = {} as AuditEventMessage;
const workspace = (): Workspace => ({
  id: randomUUID(),
  mode: 'solo',
  communityId: null,
  name: 'Night jobs',
  description: '',
  createdBy: 'solo',
  createdByName: '',
  version: 1,
  createdAt: at,
  updatedAt: at,
});
const write = { userId: 'solo', permission: 'workspace:create', event } as const;

test('what was stored is there after closing and opening again', async () => {
  const made = workspace();
  const first = await openSoloDatabase(file);
  await createSoloWorkspaces(first).insertWorkspace(made, write, null);
  first.close();
  const second = await openSoloDatabase(file);
  const store = createSoloWorkspaces(second);
  expect(await store.findWorkspace('solo', made.id)).toEqual({
    item: made,
    communityId: null,
    role: 'owner',
    isDeleted: false,
  });
  expect([store.holds(made.id), store.holds(randomUUID())]).toEqual([true, false]);
  second.close();
});

test('the file and what SQLite puts beside it can be read by their user alone', async () => {
  const database = await openSoloDatabase(file);
  await createSoloWorkspaces(database).insertWorkspace(workspace(), write, null);
  const rights = ['', '-wal', '-shm'].map((ending) => statSync(`${file}${ending}`).mode & 0o777);
  expect(rights).toEqual([0o600, 0o600, 0o600]);
  database.close();
});

test('a file that others could read is closed to them', async () => {
  (await openSoloDatabase(file)).close();
  chmodSync(file, 0o644);
  (await openSoloDatabase(file)).close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that is newer than the program is refused with both numbers, and left as it was', async () => {
  const database = await openSoloDatabase(file);
  database.sqlite.exec(`INSERT INTO schema_migrations (name, applied_at) VALUES ('9999_from_the_future', '${at}')`);
  database.close();
  const before = readFileSync(file);
  const known = migrationNames(migrationsFolder).length;
  await expect(openSoloDatabase(file)).rejects.toThrow(
    `is newer than this program: it is at migration ${known + 1} (9999_from_the_future), this program knows ${known}.`,
  );
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a file that is no SQLite file is refused and left as it was', async () => {
  (await openSoloDatabase(file)).close();
  writeFileSync(file, 'my diary, and nothing for a database to touch'.repeat(100));
  await expect(openSoloDatabase(file)).rejects.toThrow(
    `The data file ${file} cannot be used: it is no SQLite database. Check the name`,
  );
  expect(readFileSync(file, 'utf8')).toBe('my diary, and nothing for a database to touch'.repeat(100));
});

test('settings keep any JSON, count their versions and can be removed', async () => {
  const database = await openSoloDatabase(file);
  const settings = createSettingsStore(database);
  expect(settings.read('shared-database')).toBeUndefined();
  settings.write('shared-database', { sealed: 'x' }, at);
  settings.write('shared-database', [1, null], at);
  expect(settings.read('shared-database')).toEqual({ value: [1, null], version: 2 });
  settings.remove('shared-database');
  expect(settings.read('shared-database')).toBeUndefined();
  database.close();
});
