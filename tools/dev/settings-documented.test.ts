import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingNames } from '@guildhall/contracts';
import { expect, test } from 'vitest';
import { readRolesConfig } from '../../services/gateway/src/config.ts';
import { settingReaders } from './settings.ts';

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

/** A good key, so that what is read behind a key is looked up, too. */
const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');

/** Reads a configuration from an environment in which every setting has the same value, and returns the names that it looked up. */
const lookedUp = (read: (env: NodeJS.ProcessEnv) => unknown, value: string | undefined): readonly string[] => {
  const names = new Set<string>();
  // A secret is left out, so that the file that could hold it is looked up, too.
  const valueOf = (name: string): string | undefined => (/_(KEY|SECRET)$/.test(name) && value !== key ? undefined : value);
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, name) => (names.add(String(name)), valueOf(String(name))) });
  expect(() => read(env)).toThrow(/ is missing| must /);
  return [...names];
};

/** The names that a service looks up: without any setting, and with those that make it read others. */
const allLookedUp = (read: (env: NodeJS.ProcessEnv) => unknown): ReadonlySet<string> =>
  new Set([undefined, 'http://127.0.0.1', key].flatMap((value) => lookedUp(read, value)));

const settingsOf = (read: (env: NodeJS.ProcessEnv) => unknown): readonly string[] => {
  const names = allLookedUp(read);
  // A secret and the file that holds it are one setting.
  return [...names].filter((name) => !names.has(name.replace(/_FILE$/, '')) || !name.endsWith('_FILE'));
};

const missingIn = (text: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));

test.each(Object.entries(settingReaders))(
  'docs/operations.md and its README name every setting of %s, and it is a known one',
  (service, read) => {
    const names = settingsOf(read);
    expect(names.length).toBeGreaterThan(9);
    expect([...allLookedUp(read)].filter((name) => !settingNames.has(name))).toEqual([]);
    for (const path of ['docs/operations.md', `services/${service}/README.md`])
      expect(missingIn(textOf(path), names)).toEqual([]);
  },
);

test('every known setting is read by a service', () => {
  const read = new Set([...Object.values(settingReaders), readRolesConfig].flatMap((reader) => [...allLookedUp(reader)]));
  expect([...settingNames].filter((name) => !read.has(name.replace(/_FILE$/, '')) && !read.has(name))).toEqual([]);
});

test('a setting that only another one asks for is found, and one that is not named', () => {
  const names = settingsOf((env) => {
    if (env['PLANTED_URL'] !== undefined) void env['PLANTED_SECRET'];
    throw new Error('PLANTED_URL is missing.');
  });
  expect(names).toEqual(['PLANTED_URL', 'PLANTED_SECRET']);
  expect(missingIn('`PLANTED_URL` alone', names)).toEqual(['PLANTED_SECRET']);
});
