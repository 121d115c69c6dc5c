import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSettingsStore } from '../../../src/store/settings/settings.ts';
import { openSoloDatabase } from '../../../src/store/solo/open.ts';

let folder: string;
let file: string;
let holder: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-solo-'));
  file = path.join(folder, 'data', 'solo.db');
});
afterEach(() => {
  holder?.kill('SIGKILL');
  holder = undefined;
  rmSync(folder, { recursive: true });
});

const at = '2026-01-31T08:30:00.000Z';
/** A data file with some hundred pages, closed. */
const makeFile = async (): Promise<void> => {
  const database = await openSoloDatabase(file);
  const settings = createSettingsStore(database);
  const write = (): void => {
    for (let n = 0; n < 400; n += 1) settings.write(`setting-${n}`, 'x'.repeat(500), at);
  };
  database.sqlite.transaction(write)();
  database.close();
};
const filesIn = (): string[] => readdirSync(path.dirname(file)).toSorted();

/** A process of its own that opens the file as the gateway does, and lives until it is killed. */
const hold = async (): Promise<number> => {
  const source = path.resolve(import.meta.dirname, '../../../src/store/solo/open.ts');
  const script = `const { openSoloDatabase } = await import(${JSON.stringify(source)});
    await openSoloDatabase(${JSON.stringify(file)}); console.log('open'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  holder = child;
  await once(child.stdout, 'data');
  return child.pid ?? 0;
};

test('a second process is refused and told the number of the first; when that is killed, the file is free', async () => {
  const pid = await hold();
  await expect(openSoloDatabase(file)).rejects.toThrow(
    `The data file ${file} cannot be used: process ${pid} is using it. Stop that one first (Ctrl-C where it runs, or make down), or give this one a file of its own.`,
  );
  holder?.kill('SIGKILL');
  await once(holder ?? process, 'exit');
  (await openSoloDatabase(file)).close();
  expect(filesIn()).toEqual(['solo.db', 'solo.db.lock']);
});

test('after a kill in the middle of writing, all that was acknowledged is there', async () => {
  await makeFile();
  const source = path.resolve(import.meta.dirname, '../../../src/store');
  const script = `const { openSoloDatabase } = await import('${source}/solo/open.ts');
    const { createSettingsStore } = await import('${source}/settings/settings.ts');
    const settings = createSettingsStore(await openSoloDatabase(${JSON.stringify(file)}));
    const write = (n) => { settings.write('killed-' + n, n, '${at}'); process.stdout.write(n + '\\n'); setImmediate(write, n + 1); };
    write(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  holder = child;
  let said = '';
  const closed = once(child, 'close');
  const hasWritten = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('100\n')) resolve('it has written');
    });
  });
  expect(await Promise.race([hasWritten, closed])).toBe('it has written');
  child.kill('SIGKILL');
  await closed;
  expect(existsSync(`${file}.pid`)).toBe(true);
  const last = Number(said.trimEnd().split('\n').at(-1));
  const database = await openSoloDatabase(file);
  const settings = createSettingsStore(database);
  for (let n = 0; n <= last; n += 1) expect(settings.read(`killed-${n}`)).toEqual({ value: n, version: 1 });
  database.close();
  expect(filesIn()).toEqual(['solo.db', 'solo.db.lock']);
});
