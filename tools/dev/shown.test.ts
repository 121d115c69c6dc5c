import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sentenceOf, shellWord, shownPath } from './shown.ts';

test('a path in a command line comes out of a shell as it went in', async () => {
  for (const path of ['/home/ada/guildhall/.data', '/home/ada/my projects/x', "it's", '$HOME/`id`;"a"\n*', '~/x', '']) {
    const { stdout } = await promisify(execFile)('sh', ['-c', `printf %s ${shellWord(path)}`]);
    expect(stdout).toBe(path);
  }
  expect(shellWord('.data/solo/backups/guildhall-20260131T083000.000Z.sqlite')).not.toContain("'");
});

test('a path is shown from here when it lies below, from the root otherwise', () => {
  expect(shownPath('/a/b/c/d', '/a/b')).toBe('c/d');
  expect(shownPath('/a/b', '/a/b')).toBe('.');
  expect(shownPath('/a/x', '/a/b')).toBe('/a/x');
});

test('a file of another user is said in words, with what to do; other errors keep theirs', () => {
  const denied = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES', path: '/my data/running.json' });
  expect(sentenceOf(denied)).toBe(
    [
      '/my data/running.json belongs to another user, or may not be written (EACCES).',
      `Take it back (sudo chown -R "$(id -un)" '/my data/running.json'), or keep the data elsewhere: DATA_FOLDER=<a folder of yours> make ...`,
    ].join('\n'),
  );
  expect(sentenceOf(new Error('The port is taken.'))).toBe('The port is taken.');
  expect(sentenceOf('odd')).toBe('odd');
});
