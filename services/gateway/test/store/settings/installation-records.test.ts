import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createVault } from '@guildhall/principal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InstallationRecord, InstallationRecords } from '../../../src/core/installation/parts.ts';
import { createInstallationRecords } from '../../../src/store/settings/installation-records.ts';
import { openSoloDatabase, type SoloDatabase } from '../../../src/store/solo/open.ts';
import { createSettingsStore, type SettingsStore } from '../../../src/store/settings/settings.ts';
import { writeSoloFile } from '../../support/solo-file.ts';

let folder: string;
let solo: SoloDatabase;
let settings: SettingsStore;
const recordsWith = (key: number): InstallationRecords =>
  createInstallationRecords({
    settings,
    sealing: createVault(new Uint8Array(32).fill(key), 'a test'),
    now: () => new Date('2026-01-01T00:00:00.000Z'),
  });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-records-'));
  const file = path.join(folder, 'solo.db');
  await writeSoloFile(file);
  solo = await openSoloDatabase(file, () => {});
  settings = createSettingsStore(solo);
});
afterEach(() => {
  solo.close();
  rmSync(folder, { recursive: true });
});

const configuring = (id: string): InstallationRecord => ({
  phase: 'configuring',
  configurationId: id,
  request: {
    databaseUrl: 'postgres://root:admin-secret@db.example/guildhall',
    administrator: { email: 'ada@example.org', password: 'an administrator', displayName: 'Ada' },
  },
  former: null,
});

test('what is kept comes back whole, and lies there sealed', () => {
  const records = recordsWith(1);
  const stored = records.replace(null, configuring('one'));
  expect(stored && records.read()).toEqual(stored);
  expect(stored && records.open(stored)).toEqual(configuring('one'));
  const bytes = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)).toString('latin1'));
  for (const secret of ['admin-secret', 'db.example', 'an administrator', 'ada@example.org']) {
    expect(bytes.some((text) => text.includes(secret))).toBe(false);
  }
});

test('one of two who replace the same wins', () => {
  const records = recordsWith(1);
  const first = records.replace(null, configuring('one'));
  expect([first?.configurationId, records.replace(null, configuring('two'))]).toEqual(['one', undefined]);
  const second = first && records.replace(first, configuring('two'));
  expect(second?.configurationId).toBe('two');
  expect(first && records.replace(first, configuring('three'))).toBeUndefined();
  expect([first && records.remove(first), second && records.remove(second), records.read()]).toEqual([false, true, null]);
});

test('it opens with its own key, under its own head, and not otherwise', () => {
  const stored = recordsWith(1).replace(null, configuring('one'));
  if (stored === undefined) throw new Error('nothing was there before');
  expect(() => recordsWith(2).open(stored)).toThrow('does not open');
  expect(() => recordsWith(1).open({ ...stored, phase: 'configured' })).toThrow('does not open');
  expect(() => recordsWith(1).open({ ...stored, configurationId: 'two' })).toThrow('does not open');
});

/** Whether any file of the folder has this text. */
const holds = (sealed: string): boolean =>
  readdirSync(folder).some((name) => readFileSync(path.join(folder, name), 'latin1').includes(sealed));

test('a record that was replaced or removed is in no file any more, the write-ahead log included', () => {
  const records = recordsWith(1);
  const first = records.replace(null, configuring('one'));
  const second = first && records.replace(first, configuring('two'));
  if (first === undefined || second === undefined) throw new Error('The records were not stored.');
  expect([holds(first.sealed), holds(second.sealed)]).toEqual([false, true]);
  expect(records.remove(second)).toBe(true);
  expect(holds(second.sealed)).toBe(false);
});
