import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment, waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRunning } from '../../tools/dev/running.ts';
import { shownPath } from '../../tools/dev/shown.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';

const tool = (name: string): string => join(import.meta.dirname, '../../tools/dev', name);
const ports = { GATEWAY_PORT: '0', AUTH_PORT: '0', TEAM_RESOURCES_PORT: '0', AUDIT_PORT: '0', POSTGRES_PORT: '0' };

let folder: string;
const children: ChildProcess[] = [];

/** Starts a command, with or without the setting of its data folder, and collects its output. */
const start = (name: string, env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [tool(name)], {
    env: { ...processEnvironment(), CLONE_FOLDER: join(folder, 'clone'), BCRYPT_COST: '4', ...ports, ...env },
  });
  children.push(child);
  const printed = { text: '' };
  for (const out of [child.stdout, child.stderr]) out.on('data', (chunk: Buffer) => (printed.text += chunk.toString()));
  return { child, printed };
};
const until = (printed: { readonly text: string }, words: string): Promise<unknown> =>
  waitFor(() => printed.text.includes(words), { timeoutMs: 120_000, what: () => `"${words}" in ${printed.text}` });

beforeEach(() => {
  folder = scratchFolder('first start');
});
afterEach(async () => {
  const { child } = start('down.ts', { DATA_FOLDER: folder });
  await once(child, 'close');
  for (const one of children.splice(0)) one.kill('SIGKILL');
  await removeScratchFolder(folder);
});

test('a first start that was killed half way leaves the setup token to be found by the next one, and make down finds it', async () => {
  const first = start('up.ts', { DATA_FOLDER: folder });
  await until(first.printed, 'audit: ');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = start('up.ts', { DATA_FOLDER: folder });
  await until(second.printed, 'make down stops everything.');
  const token = readFileSync(join(folder, 'setup-token'), 'utf8').trim();
  expect(second.printed.text).toContain(`setup token  ${token}`);
  expect(second.printed.text).toContain(`logs         ${shownPath(join(folder, 'logs'))}/ (make logs follows them)`);

  const down = start('down.ts', {});
  // Closed, and not only ended: until then some of what it printed may be on its way.
  expect(await once(down.child, 'close')).toEqual([0, null]);
  expect(down.printed.text).toContain('Nothing is left running.');
  expect(findRunning(folder)).toBeNull();
  expect(existsSync(join(folder, 'running.json'))).toBe(false);
});
