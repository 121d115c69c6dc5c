import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunning, startOf } from './process-start.ts';
import { claimData, findRunning } from './running.ts';

let folder: string;
const others: ChildProcess[] = [];
const notes: string[] = [];
const record = (): string => join(folder, 'running.json');

const startOther = async (): Promise<{ pid: number; startedAt: string; child: ChildProcess }> => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  others.push(child);
  const pid = child.pid ?? 0;
  return { pid, startedAt: startOf(pid) ?? '', child };
};
const claim = () => claimData(folder, 'team', (line) => notes.push(line));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-running-'));
  notes.length = 0;
});
afterEach(async () => {
  for (const child of others.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

test('a claim tells others what runs here, in a file for its user alone, and is gone when released', async () => {
  const mine = await claim();
  mine.serviceStarted('auth', process.pid, 'http://127.0.0.1:4301');
  mine.update({ gateway: 'http://127.0.0.1:4300', databaseUrl: 'postgres://x' });
  mine.serviceStarted('auth', process.pid, 'http://127.0.0.1:4301');
  const me = { pid: process.pid, startedAt: startOf(process.pid) };
  expect(findRunning(folder)).toEqual({
    ...me,
    mode: 'team',
    gateway: 'http://127.0.0.1:4300',
    databaseUrl: 'postgres://x',
    services: { auth: { ...me, url: 'http://127.0.0.1:4301', since: expect.any(String), starts: 2 } },
  });
  expect(statSync(record()).mode & 0o777).toBe(0o600);
  mine.release();
  expect(findRunning(folder)).toBeNull();
  expect(existsSync(record())).toBe(false);
});

test('while one process has the folder, another is refused and told by whom', async () => {
  await claim();
  await expect(claim()).rejects.toThrow(`Guildhall is starting already (process ${process.pid}); make down stops it.`);
});

test('of ten processes that claim at once after a killed one, one wins', async () => {
  const dead = await startOther();
  writeFileSync(record(), JSON.stringify({ ...dead, child: undefined, mode: 'team', gateway: null, services: {} }));
  dead.child.kill('SIGKILL');
  await once(dead.child, 'exit');

  const claimers = Array.from({ length: 10 }, () => fork(join(import.meta.dirname, 'claim-and-wait.fixture.ts'), [folder]));
  others.push(...claimers);
  const answers = await Promise.all(claimers.map(async (child) => ((await once(child, 'message')) as [string])[0]));
  expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1);
  expect(answers.filter((answer) => answer.startsWith('Guildhall is starting already'))).toHaveLength(9);
});

test('what a killed launcher left is stopped; a process that has its number by now is not', async () => {
  const left = await startOther();
  const stranger = await startOther();
  const launcher = { pid: 2 ** 22 + 1, startedAt: '1' };
  const services = { auth: { pid: left.pid, startedAt: left.startedAt }, audit: { pid: stranger.pid, startedAt: 'earlier' } };
  writeFileSync(record(), JSON.stringify({ ...launcher, mode: 'team', gateway: null, services }));

  await claim();
  expect(notes).toEqual(['stopped what a killed run had left: auth']);
  expect(isRunning(left)).toBe(false);
  expect(isRunning(stranger)).toBe(true);
});

test('a record that is not whole counts as none', async () => {
  writeFileSync(record(), '{"pid": 1');
  expect(findRunning(folder)).toBeNull();
  await claim();
  expect(JSON.parse(readFileSync(record(), 'utf8'))).toMatchObject({ pid: process.pid });
});
