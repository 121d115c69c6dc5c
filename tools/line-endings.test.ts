import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from './source/repository.ts';

const git = (folder: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.test', ...args], {
    encoding: 'utf8',
  });
  expect([status, stderr.replaceAll(/^warning.*\n/gm, '')]).toEqual([0, '']);
};

test('a clone with core.autocrlf=true has the committed line endings: scripts run, migrations keep their checksums', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-endings-'));
  try {
    git(folder, 'init', '-q', 'from');
    cpSync(join(repositoryRoot, '.gitattributes'), join(folder, 'from', '.gitattributes'));
    for (const name of ['install.sh', '0001_create.up.sql', 'Makefile']) writeFileSync(join(folder, 'from', name), 'one\ntwo\n');
    git(join(folder, 'from'), 'add', '.');
    git(join(folder, 'from'), 'commit', '-q', '-m', 'files');
    git(folder, 'clone', '-q', '-c', 'core.autocrlf=true', 'from', 'to');
    for (const name of ['install.sh', '0001_create.up.sql', 'Makefile'])
      expect(readFileSync(join(folder, 'to', name), 'utf8')).toBe('one\ntwo\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
