import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeEmbeddedPostgres, stopLeftover } from '@guildhall/testkit';
import { dataFolder } from './folders.ts';
import { findRunning, forgetRunning, startOf } from './running.ts';

/** `make down`: stops the stack of this clone, also what a launcher that was killed has left. `--remove`: its data too. */
const stopTimeoutMs = 30_000;
const lookEveryMs = 50;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const postgres = join(dataFolder, 'postgres');

const running = findRunning(dataFolder);
if (running !== null) {
  process.kill(running.pid, 'SIGTERM');
  const deadline = Date.now() + stopTimeoutMs;
  while (startOf(running.pid) === running.startedAt && Date.now() < deadline) await pause(lookEveryMs);
  if (startOf(running.pid) === running.startedAt) process.kill(running.pid, 'SIGKILL');
}
const hadLeftover = await stopLeftover(postgres);
forgetRunning(dataFolder);
if (process.argv.includes('--remove')) await removeEmbeddedPostgres(postgres);
say(
  running !== null ? 'Stopped.' : hadLeftover ? 'Stopped the PostgreSQL that an earlier run had left.' : 'Nothing was running.',
);
