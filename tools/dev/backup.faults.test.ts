import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { changedFile, emptyDatabase, events, useBackup } from './backup.fixture.ts';
import { digestTables } from './backup-rows.ts';
import { drillBackup, proveRestored } from './drill.ts';
import { BentBackup, examineBackup } from './read-backup.ts';
import { restoreBackup } from './restore-backup.ts';

const backup = useBackup();
const changed = (change: (text: string) => string, isHonest = false): string => changedFile(backup(), change, isHonest);

const drillParts = async (of: string) => ({
  file: of,
  url: await emptyDatabase(),
  folder: backup().folder,
  keptKey: path.join(backup().folder, 'no-key'),
  now: () => new Date(0),
});

test('a backup is for its user alone, and holds every table, the migrations and the last checkpoint', async () => {
  const { file, end } = backup();
  expect(end.tables['audit.audit_events']?.rows).toBeGreaterThanOrEqual(events);
  expect(end.tables['team.communities']?.rows).toBe(1);
  expect(end.checkpoint?.size).toBeGreaterThanOrEqual(events);
  const { head } = await examineBackup(file);
  expect(Object.keys(head.migrations).toSorted()).toEqual(['audit', 'auth', 'team']);
});

test('a drill restores every row as it was and walks the proofs of the whole log, by the key that it is held to', async () => {
  const { file, end } = backup();
  const parts = await drillParts(file);
  const rows = Object.values(end.tables).reduce((sum, table) => sum + table.rows, 0);
  expect(await drillBackup(parts)).toEqual({
    file,
    takenAt: expect.stringMatching(/^\d{4}-/),
    heldAt: new Date(0).toISOString(),
    rows,
    provenEvents: end.checkpoint?.size,
  });
  expect(await digestTables(parts.url)).toEqual(end.tables);

  // The same trail is held to the key that make audit-verify saw first.
  const keptKey = path.join(backup().folder, 'other-key');
  writeFileSync(keptKey, 'example.org/log+00000000+AW1ubW5tbm1ubW5tbm1ubW5tbm1ubW5tbm1ubW5tbm1u\n');
  await expect(proveRestored({ ...parts, keptKey }, end)).rejects.toThrow('its audit trail does not prove');
});

test.each<[string, () => string]>([
  [
    'is cut off',
    () => {
      const cut = path.join(backup().folder, 'cut.gz');
      writeFileSync(cut, readFileSync(backup().file).subarray(0, -20));
      return cut;
    },
  ],
  ['has no end', () => changed((text) => text.trimEnd().split('\n').slice(0, -1).join('\n'))],
  ['lacks a row', () => changed((text) => text.replace(/^\{"table":"audit\.audit_events".*\n/m, ''))],
  ['has a row twice', () => changed((text) => text.replace(/^\{"table":"audit\.audit_events".*\n/m, '$&$&'))],
  ['has another value', () => changed((text) => text.replace(/("table":"audit\.audit_events".*?)success/, '$1failure'))],
  ['has something behind its end', () => changed((text) => `${text.trimEnd()}\n{"table":"auth.users","row":"{}"}\n`)],
  [
    'is something else',
    () => {
      const other = path.join(backup().folder, 'other.gz');
      writeFileSync(other, gzipSync('hello\n'));
      return other;
    },
  ],
  ['is not there', () => path.join(backup().folder, 'nowhere.gz')],
])('a backup that %s is refused, and nothing is restored of it', async (_what, make) => {
  const target = await emptyDatabase();
  await expect(restoreBackup(make(), target)).rejects.toThrow(BentBackup);
  expect(await digestTables(target)).toEqual({});
});

test('a backup whose events were altered by somebody who knows the format fails the drill by its proofs', async () => {
  const altered = changed((text) => text.replace(/("table":"audit\.audit_events".*?)success/, '$1failure'), true);
  expect((await examineBackup(altered)).end.sha256).not.toBe(backup().end.sha256);
  await expect(drillBackup(await drillParts(altered))).rejects.toThrow('its audit trail does not prove');
});

test('a database that holds something is not restored into', async () => {
  const { file, url } = backup();
  const earlier = await digestTables(url);
  await expect(restoreBackup(file, url)).rejects.toThrow('is not empty');
  expect(Object.keys(await digestTables(url))).toEqual(Object.keys(earlier));
});

test('a backup of a newer program is refused', async () => {
  const newer = changed((text) => text.replace('"0001_', '"9999_'), true);
  await expect(restoreBackup(newer, await emptyDatabase())).rejects.toThrow('is not this program');
});
