import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSoloDatabase, type SoloDatabase } from '../../../src/store/solo/open.ts';
import { createSettingsStore } from '../../../src/store/settings/settings.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  file = path.join(folder, 'data', 'solo.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const at = '2026-01-31T08:30:00.000Z';
const keep = (database: SoloDatabase, count: number): void => {
  const settings = createSettingsStore(database);
  const write = (): void => {
    for (let n = 0; n < count; n += 1) settings.write(`setting-${n}`, 'x'.repeat(500), at);
  };
  database.sqlite.transaction(write)();
};
/** A data file with some hundred pages, closed. */
const makeFile = async (): Promise<void> => {
  const database = await openSoloDatabase(file);
  keep(database, 400);
  database.close();
};
const filesIn = (): string[] => readdirSync(path.dirname(file)).toSorted();

describe('one process at a time', () => {
  test('the number of a process that is long gone keeps nobody out, and is never named', async () => {
    await makeFile();
    writeFileSync(`${file}.pid`, '999999999\n');
    const first = await openSoloDatabase(file);
    writeFileSync(`${file}.pid`, '999999999\n');
    await expect(openSoloDatabase(file)).rejects.toThrow(/cannot be used: another process is using it\./);
    first.close();
  });

  test('a link to the file is the same file', async () => {
    await makeFile();
    symlinkSync(file, path.join(folder, 'link.db'));
    const first = await openSoloDatabase(file);
    await expect(openSoloDatabase(path.join(folder, 'link.db'))).rejects.toThrow(`process ${process.pid} is using it`);
    first.close();
    (await openSoloDatabase(path.join(folder, 'link.db'))).close();
  });
});

test('whatever others could read is closed to them, and said', async () => {
  const notes: string[] = [];
  const first = await openSoloDatabase(file, (note) => notes.push(note));
  keep(first, 1);
  first.close();
  expect([statSync(path.dirname(file)).mode & 0o777, notes]).toEqual([0o700, []]);
  chmodSync(file, 0o644);
  chmodSync(`${file}.lock`, 0o640);
  (await openSoloDatabase(file, (note) => notes.push(note))).close();
  expect([file, `${file}.lock`].map((place) => statSync(place).mode & 0o777)).toEqual([0o600, 0o600]);
  expect(notes).toEqual(
    [file, `${file}.lock`].map((place) => `other users of this machine could open ${place}: it is private now`),
  );
});

const cut = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length - 3 * 4096);
const scribbled = (bytes: Buffer): Buffer => {
  const damaged = Buffer.from(bytes);
  damaged.fill(0xa5, damaged.length - 20 * 4096, damaged.length - 19 * 4096);
  return damaged;
};
const headless = (bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(100, 7), bytes.subarray(100)]);
const restore = 'ut a backup in its place: make solo-restore FILE=<backup>';

describe('a file that cannot be used is refused with what to do, and left byte for byte', () => {
  test.each([
    ['cut off at the end', cut, /it is damaged/],
    ['overwritten in the middle', scribbled, /it is damaged/],
    ['without its head', headless, /it is no SQLite database/],
  ])('one that is %s', async (_what, damage, words) => {
    await makeFile();
    writeFileSync(file, damage(readFileSync(file)));
    const before = readFileSync(file);
    for (const _ of ['first', 'again']) {
      const refused = openSoloDatabase(file);
      await expect(refused).rejects.toThrow(words);
      await expect(refused).rejects.toThrow(restore);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('one whose rows refer to nothing', async () => {
    await makeFile();
    const other = new Sqlite(file);
    other.pragma('foreign_keys = OFF');
    other.exec(`INSERT INTO script_versions (id, script_id, version, name, language, content, created_by)
      VALUES ('a', 'b', 1, 'a.sh', 'shell', '', 'solo')`);
    other.close();
    await expect(openSoloDatabase(file)).rejects.toThrow('it is damaged (a row of script_versions refers to nothing in scripts)');
  });

  test('one of another program', async () => {
    mkdirSync(path.dirname(file));
    const other = new Sqlite(file);
    other.exec('CREATE TABLE bookmarks (id integer PRIMARY KEY)');
    other.close();
    const before = readFileSync(file);
    await expect(openSoloDatabase(file)).rejects.toThrow('it is not a data file of Guildhall');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('one that is read-only, or a folder', async () => {
    await makeFile();
    chmodSync(file, 0o400);
    await expect(openSoloDatabase(file)).rejects.toThrow(`it is read-only. Allow writing first: chmod u+w ${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o400);
    const place = path.join(folder, 'place');
    mkdirSync(place);
    await expect(openSoloDatabase(place)).rejects.toThrow('it is not a file');
  });

  test('one that another program has locked, after some seconds', async () => {
    await makeFile();
    const other = new Sqlite(file);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    await expect(openSoloDatabase(file)).rejects.toThrow('another program has locked it. Close that program, and try again.');
    other.close();
    (await openSoloDatabase(file)).close();
  });
});

test('a full disk refuses the write and nothing else: what was there stays, and writing goes on when there is room', async () => {
  const database = await openSoloDatabase(file);
  keep(database, 50);
  const { sqlite } = database;
  const pages = Number(sqlite.pragma('page_count', { simple: true }));
  sqlite.pragma(`max_page_count = ${pages}`);
  const settings = createSettingsStore(database);
  expect(() => settings.write('large', 'x'.repeat(100_000), at)).toThrow('database or disk is full');
  expect([settings.read('large'), settings.read('setting-49')?.version]).toEqual([undefined, 1]);
  sqlite.pragma('max_page_count = 1000000');
  settings.write('large', 'x'.repeat(100_000), at);
  database.close();
  const again = await openSoloDatabase(file);
  expect(createSettingsStore(again).read('large')?.value).toBe('x'.repeat(100_000));
  again.close();
});

test('of the copies from before migrations the last three are kept, and nothing else is touched', async () => {
  const copies = ['0002_a', '0004_b', '0003_c', '0005_d', '0006_e'].map((name) => `solo.db.before-${name}`);
  const others = ['solo.db.before-down-0002_a', 'solo.db.replaced-then', 'other.db.before-0001_a'];
  mkdirSync(path.dirname(file));
  for (const name of [...copies, ...others]) writeFileSync(path.join(path.dirname(file), name), '');
  (await openSoloDatabase(file)).close();
  const kept = ['solo.db.before-0004_b', 'solo.db.before-0005_d', 'solo.db.before-0006_e'];
  expect(filesIn()).toEqual([...kept, ...others, 'solo.db', 'solo.db.lock'].toSorted());
});
