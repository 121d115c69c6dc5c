import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRunningPostgres, processEnvironment, waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startOf } from '../../tools/dev/process-start.ts';
import { findRunning } from '../../tools/dev/running.ts';
import { shownPath } from '../../tools/dev/shown.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';

const tool = (name: string): string => join(import.meta.dirname, '../../tools/dev', name);
const anyPort = { GATEWAY_PORT: '0', AUTH_PORT: '0', TEAM_RESOURCES_PORT: '0', AUDIT_PORT: '0', POSTGRES_PORT: '0' };

let folder: string;
let launcher: ChildProcess;
let printed = '';

const start = (name: string): ChildProcess => {
  const child = spawn(process.execPath, [tool(name)], {
    env: { ...processEnvironment(), DATA_FOLDER: folder, CLONE_FOLDER: join(folder, 'clone'), BCRYPT_COST: '4', ...anyPort },
  });
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return child;
};
/** To the end of what it prints, which may come after its exit. */
const runToEnd = async (name: string): Promise<number | null> => ((await once(start(name), 'close')) as [number | null])[0];
/** Resolves when the launcher says that the stack is up. Rejects with what it printed when it ends before. */
const untilUp = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (printed.includes('make down stops everything.')) resolve();
    });
    child.once('close', () => reject(new Error(`The launcher ended before the stack was up:\n${printed}`)));
  });

/** The processes of the four services, by what their own logs say of them. */
const servicePids = (): number[] => {
  const pids = ['gateway', 'auth', 'team-resources', 'audit'].map((name) => {
    const line = readFileSync(join(folder, 'logs', `${name}.log`), 'utf8')
      .split('\n')
      .find((text) => text.includes('"listening at '));
    return Number((JSON.parse(line ?? '{}') as { pid?: number }).pid);
  });
  // A process that was not found would count as one that is gone.
  expect(pids.map(startOf)).not.toContain(null);
  return pids;
};
const areGone = (pids: readonly number[]): boolean => pids.every((pid) => startOf(pid) === null);

beforeEach(async () => {
  folder = scratchFolder('launcher');
  printed = '';
  launcher = start('up.ts');
  await untilUp(launcher);
});
afterEach(async () => {
  await runToEnd('down.ts');
  launcher.kill('SIGKILL');
  await removeScratchFolder(folder);
});

test('up says where everything is, a second one that it is up already, and Ctrl-C leaves nothing behind', async () => {
  const pids = servicePids();
  const gateway = findRunning(folder)?.gateway;
  expect(printed).toContain(`gateway      ${gateway}`);
  expect(printed).toMatch(/setup token {2}\S{20,} \(the account that registers with it/);

  expect(await runToEnd('up.ts')).toBe(0);
  expect(printed).toContain(`Guildhall is up already, in team mode: ${gateway} (make down stops it).`);

  expect(await runToEnd('status.ts')).toBe(0);
  expect(printed).toContain(`Guildhall runs in team mode on ${shownPath(folder)} (launcher: process ${launcher.pid}).`);
  for (const name of ['gateway', 'auth', 'team-resources', 'audit'])
    expect(printed).toMatch(new RegExp(`^  ${name} +http://127\\.0\\.0\\.1:\\d+  process \\d+ for \\d+ \\w+: ready$`, 'm'));
  expect(printed).toMatch(/^ {2}PostgreSQL +process \d+: running$/m);

  launcher.kill('SIGINT');
  const [code] = (await once(launcher, 'close')) as [number | null];
  expect(`exit code ${String(code)} after\n${printed}`).toMatch(/^exit code 0 after\n/);
  expect(areGone(pids)).toBe(true);
  expect(findRunningPostgres(join(folder, 'postgres'))).toBeUndefined();
  expect(findRunning(folder)).toBeNull();
});

test('down clears away what a killed launcher has left', async () => {
  const pids = servicePids();
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
  expect(await runToEnd('down.ts')).toBe(0);
  await waitFor(() => areGone(pids), { what: 'the services to notice that their parent is gone' });
  expect(findRunningPostgres(join(folder, 'postgres'))).toBeUndefined();
});
