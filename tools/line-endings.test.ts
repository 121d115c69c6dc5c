import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { repositoryRoot } from './source/repository.ts';

/** Rejects when git fails. */
const git = async (folder: string, ...args: readonly string[]): Promise<void> => {
  const options = ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.test'];
  const { stderr } = await promisify(execFile)('git', [...options, ...args]);
  expect(stderr.replaceAll(/^warning.*\n/gm, '')).toBe('');
};

test('a clone with core.autocrlf=true has the committed line endings: scripts run, migrations keep their checksums', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-endings-'));
  try {
    await git(folder, 'init', '-q', 'from');
    cpSync(join(repositoryRoot, '.gitattributes'), join(folder, 'from', '.gitattributes'));
    for (const name of ['install.sh', '0001_create.up.sql', 'Makefile']) writeFileSync(join(folder, 'from', name), 'one\ntwo\n');
    await git(join(folder, 'from'), 'add', '.');
    await git(join(folder, 'from'), 'commit', '-q', '-m', 'files');
    await git(folder, 'clone', '-q', '-c', 'core.autocrlf=true', 'from', 'to');
    for (const name of ['install.sh', '0001_create.up.sql', 'Makefile'])
      expect(readFileSync(join(folder, 'to', name), 'utf8')).toBe('one\ntwo\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
