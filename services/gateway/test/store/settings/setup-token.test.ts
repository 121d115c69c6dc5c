import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOrCreateEncryptionKey } from '../../../src/store/settings/encryption-key.ts';
import { openSoloDatabase, type SoloDatabase } from '../../../src/store/solo/open.ts';
import { createSettingsStore } from '../../../src/store/settings/settings.ts';
import { createSetupToken, type SetupToken } from '../../../src/store/settings/setup-token.ts';
import { writeSoloFile } from '../../support/solo-file.ts';

let folder: string;
let solo: SoloDatabase;
let shown: string[];
let faults: unknown[];
const tokenWith = (file: string | null): SetupToken =>
  createSetupToken({
    settings: createSettingsStore(solo),
    file,
    show: (token) => void shown.push(token),
    onFault: (error) => void faults.push(error),
    now: () => new Date('2026-01-01T00:00:00.000Z'),
  });

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-setup-'));
  const file = path.join(folder, 'solo.db');
  await writeSoloFile(file);
  solo = await openSoloDatabase(file, () => {});
  shown = [];
  faults = [];
});
afterEach(() => {
  solo.close();
  rmSync(folder, { recursive: true });
});

test('a token is shown once, is good until it is closed, and lies there as its hash', () => {
  const token = tokenWith(null);
  token.open();
  token.open();
  expect(shown).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
  const [good = ''] = shown;
  expect([token.matches(good), token.matches(`${good}x`), token.matches('')]).toEqual([true, false, false]);
  const bytes = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)).toString('latin1'));
  expect(bytes.some((text) => text.includes(good))).toBe(false);
  token.close();
  expect([token.matches(good), token.matches('')]).toEqual([false, false]);
  token.open();
  expect([shown.length, token.matches(good)]).toEqual([2, false]);
});

test('its file is its user’s alone, takes the place of what was there, and goes with the token', () => {
  const file = path.join(folder, 'setup-token');
  writeFileSync(file, 'readable by anyone', { mode: 0o644 });
  const token = tokenWith(file);
  token.open();
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([`${shown[0]}\n`, 0o600]);
  token.close();
  expect(existsSync(file)).toBe(false);
});

test('a token that cannot be taken away is no longer good, and closing it is no fault of whoever does', () => {
  const file = path.join(folder, 'setup-token');
  const token = tokenWith(file);
  token.open();
  rmSync(file);
  mkdirSync(file);
  solo.sqlite.pragma('query_only = ON');
  token.close();
  expect([token.matches(shown[0] ?? ''), faults.length]).toEqual([false, 2]);
});

test('a token that cannot be kept is not shown; that is told of once, and made up for', () => {
  const token = tokenWith(null);
  solo.sqlite.pragma('query_only = ON');
  token.open();
  token.open();
  expect([shown, faults.length]).toEqual([[], 1]);
  solo.sqlite.pragma('query_only = OFF');
  token.open();
  expect([token.matches(shown[0] ?? ''), faults.length]).toEqual([true, 1]);
});

test('a data file that takes no changes refuses a configuration in words, and may be asked again', () => {
  const settings = createSettingsStore(solo);
  const write = (): boolean => settings.swap('installation', undefined, { phase: 'configuring' }, '2026-01-01T00:00:00.000Z');
  solo.sqlite.pragma('query_only = ON');
  expect(write).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
  solo.sqlite.pragma('query_only = OFF');
  expect([write(), write()]).toEqual([true, false]);
});

test('a file that cannot be written is told of; the token is good all the same', () => {
  const token = tokenWith(path.join(folder, 'nowhere', 'setup-token'));
  token.open();
  expect([faults.length, token.matches(shown[0] ?? '')]).toEqual([1, true]);
});

test('an encryption key is made once, for its user alone; a file that holds none is refused', () => {
  const file = path.join(folder, 'a.key');
  const key = readOrCreateEncryptionKey(file);
  expect([key.length, statSync(file).mode & 0o777, readOrCreateEncryptionKey(file)]).toEqual([32, 0o600, key]);
  writeFileSync(file, 'short');
  expect(() => readOrCreateEncryptionKey(file)).toThrow('holds no key');
});
