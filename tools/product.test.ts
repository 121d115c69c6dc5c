import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { release } from '@guildhall/contracts';

/** Licences, the release and CI elsewhere: conditions for anyone to use the product. */
const root = path.resolve(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Manifest {
  readonly version: string;
  readonly license?: string;
}
const manifests = globSync(
  ['package.json', '{libs,services,programs}/*/package.json', 'tests/openapi-clients/package.json', 'web/package.json'],
  {
    cwd: root,
  },
).map((file) => ({ file, ...(JSON.parse(textOf(file)) as Manifest) }));

/** Licences that ask for no more than a notice, and MPL-2.0, whose terms end with its own unchanged files. */
const allowed = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
];

/** True for an SPDX expression of which an allowed licence may be chosen; `AND`, and what is no expression, is looked at by a person. */
const mayBeUsed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => allowed.includes(choice));

test('everything here has the licence in LICENSE, and the release that CHANGELOG begins with', () => {
  expect(textOf('LICENSE')).toMatch(/^Apache License\n\nVersion 2\.0, /);
  const [, newest] = /^## (\S+)/m.exec(textOf('CHANGELOG.md')) ?? [];
  expect(manifests.length).toBeGreaterThan(20);
  expect(manifests.filter(({ license, version }) => license !== 'Apache-2.0' || version !== newest)).toEqual([]);
  expect(release).toBe(newest);
});

test('what is installed to run it may be used so', async () => {
  const pnpm = path.join(root, '.toolchain/bin/pnpm');
  const { stdout: listed } = await promisify(execFile)(pnpm, ['--recursive', 'licenses', 'list', '--prod', '--json'], {
    cwd: root,
  });
  const packages = Object.entries(JSON.parse(listed) as Readonly<Record<string, readonly { readonly name: string }[]>>);
  expect(packages.flatMap(([, each]) => each.map(({ name }) => name))).toEqual(expect.arrayContaining(['fastify', 'slonik']));
  expect(packages.filter(([licence]) => !mayBeUsed(licence))).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['GPL-3.0-only', false],
  ['MIT AND AGPL-3.0-only', false],
  ['Unknown', false],
])('%s may be used: %s', (licence, expected) => {
  expect(mayBeUsed(licence)).toBe(expected);
});

test('CI elsewhere runs what CI here runs, and nothing else', () => {
  const steps = [...textOf('.github/workflows/ci.yml').matchAll(/^\s+- (?:run|uses): (.+)$/gm)].map(([, step]) => step);
  expect(steps).toEqual([expect.stringMatching(/^actions\/checkout@v\d+$/), '.ci/run']);
});
