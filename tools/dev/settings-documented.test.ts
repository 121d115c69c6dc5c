import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingReaders } from './settings.ts';

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

/** Reads a configuration from an environment in which every setting has the same value, and returns the names that it looked up. */
const lookedUp = (read: (env: NodeJS.ProcessEnv) => unknown, value: string | undefined): readonly string[] => {
  const names = new Set<string>();
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, name) => (names.add(String(name)), value) });
  expect(() => read(env)).toThrow(/ is missing| must /);
  return [...names];
};

/** The settings of a service: those that it reads without any, and those that others make it read. */
const settingsOf = (read: (env: NodeJS.ProcessEnv) => unknown): readonly string[] => {
  const names = new Set([...lookedUp(read, undefined), ...lookedUp(read, 'http://127.0.0.1')]);
  // A secret and the file that holds it are one setting.
  return [...names].filter((name) => !names.has(name.replace(/_FILE$/, '')) || !name.endsWith('_FILE'));
};

const missingIn = (text: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));

test.each(Object.entries(settingReaders))('docs/operations.md and its README name every setting of %s', (service, read) => {
  const names = settingsOf(read);
  expect(names.length).toBeGreaterThan(9);
  for (const path of ['docs/operations.md', `services/${service}/README.md`]) expect(missingIn(textOf(path), names)).toEqual([]);
});

test('a setting that only another one asks for is found, and one that is not named', () => {
  const names = settingsOf((env) => {
    if (env['PLANTED_URL'] !== undefined) void env['PLANTED_SECRET'];
    throw new Error('PLANTED_URL is missing.');
  });
  expect(names).toEqual(['PLANTED_URL', 'PLANTED_SECRET']);
  expect(missingIn('`PLANTED_URL` alone', names)).toEqual(['PLANTED_SECRET']);
});
