import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileAtomically, readOrCreatePrivateFile, writeChunksAtomically, writeFileAtomically } from '@guildhall/files';

const fixture = path.join(import.meta.dirname, 'write.fixture.ts');
const wholeBytes = 500_000;
const readsBeforeKill = 20;
const kills = 3;

let folder: string;
let file: string;
const children: ChildProcess[] = [];
const start = async (...args: readonly string[]): Promise<ChildProcess> => {
  const child = fork(fixture, args, { execArgv: [] });
  children.push(child);
  await once(child, 'message');
  return child;
};
const modeOf = (name: string): number => statSync(name).mode & 0o777;
/** Null for a file that is whole; what is wrong otherwise. */
const faultOf = (text: string): string | null => {
  if (text.length !== wholeBytes) return `${text.length} bytes`;
  return text.startsWith('a') === text.includes('a') && text.endsWith(text[0] ?? '') ? null : 'two contents';
};
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guildhall-files-'));
  file = path.join(folder, 'file');
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

test('a reader that polls while a writer writes, and after it was killed, sees whole files only', async () => {
  const faults: string[] = [];
  const look = (): void => {
    const fault = faultOf(readFileSync(file, 'utf8'));
    if (fault !== null) faults.push(fault);
  };
  for (let kill = 0; kill < kills; kill += 1) {
    const writer = await start('replace', file, String(wholeBytes));
    for (let read = 0; read < readsBeforeKill; read += 1) {
      look();
      await nextTurn();
    }
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    look();
  }
  expect(faults).toEqual([]);
  expect(modeOf(file)).toBe(0o600);
});

const askAtOnce = async (how: string): Promise<string[]> => {
  const processes = await Promise.all(Array.from({ length: 4 }, () => start(how, file)));
  const atMs = Date.now() + 100;
  return Promise.all(
    processes.map(async (child) => {
      const answer = once(child, 'message');
      child.send(atMs);
      return String((await answer)[0]);
    }),
  );
};

test('of several processes that create a file at once, the first wins and the others are told', async () => {
  const answers = await askAtOnce('create');
  expect(answers.filter((answer) => answer !== 'late')).toEqual([readFileSync(file, 'utf8')]);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('several processes that read or create a private file at once all read the same, whole', async () => {
  const answers = new Set(await askAtOnce('read-or-create'));
  expect([...answers]).toEqual([readFileSync(file, 'utf8')]);
  expect(modeOf(file)).toBe(0o600);
});

test('what others may open becomes private, and its content stays', () => {
  writeFileSync(file, 'a key');
  chmodSync(file, 0o644);
  expect(readOrCreatePrivateFile(file, () => 'another')).toBe('a key');
  expect(modeOf(file)).toBe(0o600);
});

test('a write that the file system refuses changes nothing and leaves nothing', () => {
  writeFileAtomically(file, 'before');
  expect(() => writeFileAtomically(folder, 'a folder is there')).toThrow('EISDIR');
  expect(() => writeFileAtomically(path.join(file, 'below'), 'no folder')).toThrow('ENOTDIR');
  expect(createFileAtomically(file, 'after')).toBe(false);
  expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['file'], 'before']);
});

test('content in parts appears when the last one is there, and not at all when its source fails', async () => {
  const seen: boolean[] = [];
  async function* chunks(fails: boolean): AsyncGenerator<Buffer> {
    yield Buffer.from('one ');
    await nextTurn();
    seen.push(existsSync(file));
    if (fails) throw new Error('the source failed');
    yield Buffer.from('two');
  }
  await expect(writeChunksAtomically(file, chunks(true))).rejects.toThrow('the source failed');
  expect(readdirSync(folder)).toEqual([]);
  await writeChunksAtomically(file, chunks(false));
  expect([seen, readFileSync(file, 'utf8'), modeOf(file)]).toEqual([[false, false], 'one two', 0o600]);
});

test('a mode that is asked for is the file’s, whatever the umask', () => {
  const before = process.umask(0o077);
  try {
    writeFileAtomically(file, 'for all', { mode: 0o644, isDurable: false });
  } finally {
    process.umask(before);
  }
  expect([modeOf(file), existsSync(file)]).toEqual([0o644, true]);
});
