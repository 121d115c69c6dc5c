import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testServerUrl } from '@guildhall/testkit';
import { runNode } from '@guildhall/testkit/run-node';
import { describe, expect, onTestFinished, test } from 'vitest';

const command = path.join(import.meta.dirname, 'cockroach.ts');
const run = (env: Readonly<Record<string, string>>) => runNode([command], env);

/** A PATH on which only these programs are, each a shell script. */
const pathWith = (programs: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-path-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, script] of Object.entries(programs))
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
};

const nothing = (why: string) => ({
  status: 2,
  stdout: '',
  stderr: expect.stringMatching(new RegExp(`^Nothing was tested on CockroachDB\\. ${why}`)),
});

describe('make test-cockroach is never green without a CockroachDB', () => {
  test.each([
    ['docker', 'docker is not installed\\.', {}],
    ['a docker engine', 'No docker engine answers\\.', { docker: '[ "$1" = --version ]' }],
    ['compose', 'docker has no compose\\.', { docker: '[ "$1" != compose ]' }],
    ['a node that starts', 'docker could not start CockroachDB', { docker: 'case "$*" in *" up "*) exit 1;; esac' }],
  ])('without %s it ends with 2 and says so', async (_what, why, programs) => {
    expect(await run({ PATH: pathWith(programs) })).toEqual(nothing(`${why}.* Set COCKROACH_URL`));
  });

  test('where COCKROACH_URL leads to a PostgreSQL', async () => {
    expect(await run({ COCKROACH_URL: testServerUrl() })).toEqual(
      nothing('COCKROACH_URL leads to PostgreSQL \\d+\\.\\d+\\.\\n$'),
    );
  });

  test('where no server answers at COCKROACH_URL, whose password is not shown', async () => {
    const answer = await run({ COCKROACH_URL: 'postgres://root:secret-words@127.0.0.1:1/defaultdb' });
    expect(answer).toEqual(nothing('CockroachDB does not answer: '));
    expect(answer.stderr).not.toContain('secret-words');
  });
});
