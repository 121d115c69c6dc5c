import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choosePort } from './ports.ts';
import { startOf } from './process-start.ts';
import { createServiceProcess, type RestartLimits, type ServiceProcess } from './service-process.ts';

/** Stand-ins for a service, each a program of its own. */
const programs = {
  wellBehaved: `
    const server = require('node:http').createServer((_, answer) => answer.end('{}')).listen(process.env.PORT, '127.0.0.1');
    process.once('SIGTERM', () => { console.log('closing'); server.close(() => process.exit(0)); server.closeAllConnections(); });
    process.once('disconnect', () => process.exit(0));`,
  failing: `console.error('DATABASE_URL is missing.'); process.exit(1);`,
};

let folder: string;
let service: ServiceProcess;
const notes: string[] = [];

const create = async (program: keyof typeof programs, restarts?: RestartLimits): Promise<void> => {
  const entry = join(folder, 'main.cjs');
  writeFileSync(entry, programs[program]);
  const { port } = await choosePort('stand-in', 0);
  service = createServiceProcess({
    name: 'stand-in',
    entry,
    url: `http://127.0.0.1:${port}`,
    env: { PORT: String(port) },
    logFile: join(folder, 'log'),
    onNote: (line) => notes.push(line),
    ...(restarts === undefined ? {} : { restarts }),
  });
};
const answers = async (): Promise<boolean> => (await fetch(`${service.url}/healthz`)).ok;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-process-'));
  notes.length = 0;
});
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a service that is asked to stop closes by itself and stays stopped', async () => {
  await create('wellBehaved');
  await service.start();
  const { pid } = service;
  await service.stop();
  expect(startOf(pid)).toBeNull();
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('closing\n');
  expect(notes).toEqual([]);
});

test('a service that dies is started again on its port, and it is said', async () => {
  await create('wellBehaved');
  await service.start();
  const { pid } = service;
  await service.kill('SIGKILL');
  await waitFor(answers);
  expect(service.pid).not.toBe(pid);
  expect(notes).toEqual(['stand-in ended (SIGKILL); starting it again in 250 ms']);
});

test('a service killed to stay down is down until it is started', async () => {
  await create('wellBehaved');
  await service.start();
  await service.kill('SIGKILL', { staysDown: true });
  expect(() => service.pid).toThrow('stand-in is not running.');
  expect(notes).toEqual([]);
  await service.start();
  expect(await answers()).toBe(true);
});

test('a service that cannot start rejects with the end of its log, and is started again with growing pauses', async () => {
  await create('failing');
  await expect(service.start()).rejects.toThrow(
    'stand-in ended (1) while starting. Its log ends with:\nDATABASE_URL is missing.',
  );
  await waitFor(() => notes.length >= 3);
  expect(notes.slice(0, 3).map((note) => /in (\d+) ms$/.exec(note)?.[1])).toEqual(['250', '500', '1000']);
});

test('a service that ends again and again is left alone in the end, with its reason, until it is started', async () => {
  await create('failing', { firstPauseMs: 1, longestPauseMs: 2, inARowMax: 2 });
  await expect(service.start()).rejects.toThrow('DATABASE_URL is missing.');
  const end =
    'stand-in ended (exit code 1), soon after each of 3 starts: it is not started again. Its log ends with:\nDATABASE_URL is missing.';
  await waitFor(() => notes.some((note) => note.startsWith(end)));
  expect(notes.map((note) => note.slice(0, end.length))).toEqual([
    'stand-in ended (exit code 1); starting it again in 1 ms',
    'stand-in ended (exit code 1); starting it again in 2 ms',
    end,
  ]);
  expect(() => service.pid).toThrow('stand-in is not running.');
  await expect(service.start()).rejects.toThrow('DATABASE_URL is missing.');
});
