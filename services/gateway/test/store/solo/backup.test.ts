import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSoloDatabase, type SoloDatabase } from '../../../src/store/solo/open.ts';
import { createSettingsStore } from '../../../src/store/settings/settings.ts';
import { backUpSoloFile } from '../../../src/store/solo/backup.ts';
import { restoreSoloFile } from '../../../src/store/solo/restore.ts';

let folder: string;
let file: string;
let target: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  file = path.join(folder, 'data', 'solo.db');
  target = path.join(folder, 'backups', 'monday.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = '2026-01-31T08:30:00.000Z';
const write = (database: SoloDatabase, name: string, value: unknown): void =>
  createSettingsStore(database).write(name, value, at);
const read = (database: SoloDatabase, name: string): unknown => createSettingsStore(database).read(name)?.value;
const backUp = () => backUpSoloFile({ file, target, onCopied: () => {} });
const restore = (backup = target) => restoreSoloFile({ file, backup, time: 'then', onCopied: () => {} });
const filesIn = (place: string): string[] => readdirSync(place).toSorted();
const dataFolder = (): string => path.dirname(file);

/** A closed data file in which `name` says `value`. */
const makeFile = async (name: string, value: string): Promise<void> => {
  const database = await openSoloDatabase(file);
  write(database, name, value);
  database.close();
};

describe('a backup', () => {
  test('of a file that is being written has every write from before it began, and is whole', async () => {
    const database = await openSoloDatabase(file);
    const fill = (): void => {
      for (let n = 0; n < 3_000; n += 1) write(database, `before-${n}`, 'x'.repeat(2_000));
    };
    database.sqlite.transaction(fill)();
    let steps = 0;
    let after = 0;
    const bytes = await backUpSoloFile({
      file,
      target,
      onCopied() {
        steps += 1;
        for (let n = 0; n < 5; n += 1) write(database, `after-${(after += 1)}`, 'y'.repeat(500));
      },
    });
    database.close();
    expect([steps > 0, bytes > 6_000_000]).toEqual([true, true]);
    const copy = new Sqlite(target, { readonly: true });
    const count = (like: string) => copy.prepare('SELECT count(*) FROM settings WHERE id LIKE ?').pluck().get(like);
    expect([count('before-%'), count('after-%'), copy.pragma('integrity_check', { simple: true })]).toEqual([3_000, 0, 'ok']);
    copy.close();
  });

  test('is one file for its user alone, in a folder of the same kind', async () => {
    await makeFile('who', 'ada');
    expect(await backUp()).toBe(statSync(target).size);
    expect(filesIn(path.dirname(target))).toEqual(['monday.sqlite']);
    expect([target, path.dirname(target)].map((place) => statSync(place).mode & 0o777)).toEqual([0o600, 0o700]);
  });

  test('never takes the place of something that is there', async () => {
    await makeFile('who', 'ada');
    await backUp();
    const before = readFileSync(target);
    await expect(backUp()).rejects.toThrow(`${target} is there already. Give the backup another name.`);
    expect(readFileSync(target).equals(before)).toBe(true);
  });

  test('of a damaged file, or of none, is refused and leaves nothing', async () => {
    await expect(backUp()).rejects.toThrow(`There is no data file ${file} to back up.`);
    await makeFile('who', 'x'.repeat(200_000));
    const bytes = readFileSync(file);
    bytes.fill(0xa5, bytes.length - 10 * 4096, bytes.length - 9 * 4096);
    writeFileSync(file, bytes);
    await expect(backUp()).rejects.toThrow(/The data file .* cannot be used: it is damaged/);
    expect(filesIn(path.dirname(target))).toEqual([]);
  });
});

/** Changes a backup before it is restored. */
const changed = (change: (backup: Sqlite.Database) => void) => () => {
  const backup = new Sqlite(target);
  change(backup);
  backup.close();
};
const overwritten = (from: number, to: number) => () => {
  const bytes = readFileSync(target);
  bytes.fill(0xa5, bytes.length + from * 4096, bytes.length + to * 4096);
  writeFileSync(target, bytes);
};

describe('restoring', () => {
  test('puts back what was, keeps what is beside it, and leaves the backup as it was', async () => {
    await makeFile('who', 'ada');
    await backUp();
    const bytes = readFileSync(target);
    await makeFile('who', 'grace');
    expect(await restore()).toBe(`${file}.replaced-then`);
    expect(filesIn(dataFolder())).toEqual(['solo.db', 'solo.db.lock', 'solo.db.replaced-then']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    const restored = await openSoloDatabase(file);
    expect(read(restored, 'who')).toBe('ada');
    restored.close();
    expect(await restore(`${file}.replaced-then`).catch(String)).toContain('replaced-then');
  });

  test('keeps also the last changes of a process that was killed, which lie beside the file', async () => {
    await makeFile('who', 'ada');
    await backUp();
    const database = await openSoloDatabase(file);
    write(database, 'who', 'grace');
    const left = ['', '-wal'].map((ending) => [ending, readFileSync(`${file}${ending}`)] as const);
    database.close();
    for (const [ending, bytes] of left) writeFileSync(`${file}${ending}`, bytes);
    expect(await restore()).toBe(`${file}.replaced-then`);
    expect(existsSync(`${file}-wal`)).toBe(false);
    const kept = await openSoloDatabase(`${file}.replaced-then`);
    expect(read(kept, 'who')).toBe('grace');
    kept.close();
    const restored = await openSoloDatabase(file);
    expect(read(restored, 'who')).toBe('ada');
    restored.close();
  });

  test('works where the present file is damaged, and where there is none', async () => {
    await makeFile('who', 'ada');
    await backUp();
    writeFileSync(file, 'nothing that SQLite could read'.repeat(200));
    expect(await restore()).toBe(`${file}.replaced-then`);
    expect(readFileSync(`${file}.replaced-then`, 'utf8')).toBe('nothing that SQLite could read'.repeat(200));
    rmSync(dataFolder(), { recursive: true });
    expect(await restore()).toBeNull();
    const restored = await openSoloDatabase(file);
    expect(read(restored, 'who')).toBe('ada');
    restored.close();
  });

  test('is refused while a process uses the file', async () => {
    const database = await openSoloDatabase(file);
    write(database, 'who', 'ada');
    await backUp();
    await expect(restore()).rejects.toThrow(`The data file ${file} cannot be used: process ${process.pid} is using it.`);
    write(database, 'who', 'grace');
    expect(read(database, 'who')).toBe('grace');
    database.close();
  });

  test.each([
    ['is damaged', overwritten(-10, -9), /it is damaged/],
    ['is cut off', () => writeFileSync(target, readFileSync(target).subarray(0, -3 * 4096)), /it is damaged/],
    ['is no database', () => writeFileSync(target, 'my diary'.repeat(1_000)), /it is no SQLite database/],
    ['is empty', () => writeFileSync(target, ''), /it is not a data file of Guildhall/],
    ['is not there', () => rmSync(target), /there is no such file/],
    [
      'is of another program',
      changed((backup) => backup.exec('DROP TABLE schema_migrations')),
      /it is not a data file of Guildhall/,
    ],
    [
      'is newer than this program',
      changed((backup) => backup.exec(`INSERT INTO schema_migrations (name, applied_at) VALUES ('9999_later', '${at}')`)),
      /is at migration \d+ .*this program knows \d/s,
    ],
  ])('is refused with a backup that %s, and changes nothing', async (_what, spoil, words) => {
    await makeFile('who', 'x'.repeat(200_000));
    await backUp();
    spoil();
    if (existsSync(target)) chmodSync(target, 0o600);
    const before = [readFileSync(file), existsSync(target) ? readFileSync(target) : null];
    const refused = restore();
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.toThrow(`The backup ${target} cannot be used: `);
    expect([readFileSync(file), existsSync(target) ? readFileSync(target) : null]).toEqual(before);
    expect(filesIn(dataFolder()).filter((name) => !/-(?:wal|shm)$/.test(name))).toEqual(['solo.db', 'solo.db.lock']);
  });
});
