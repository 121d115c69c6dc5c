import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createRowSum, sha256 } from '../dev/backup-format.ts';
import { restoreStack, type RestoreParts } from './restore.ts';

const done: string[] = [];
const withRunning = (running: readonly string[]): RestoreParts => ({
  compose: { run: async (args) => void done.push(args.join(' ')), read: () => '' },
  containers: {
    running: async (service) => (running.includes(service) ? [service] : []),
    addressOf: async () => '127.0.0.1',
    runOnce: async (service) => void done.push(service),
  },
  folder: 'nowhere',
  databaseServices: ['postgres'],
  onNote: () => {},
});

const writeBackup = (end: object): string => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-restore-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'shared.backup.gz');
  const head = JSON.stringify({ head: { format: 1, takenAt: '2026-11-29T10:45:00.112Z', migrations: {} } });
  const whole = { sha256: sha256().update(`${head}\n`).digest('hex'), tables: {}, checkpoint: null };
  writeFileSync(file, gzipSync(`${head}\n${JSON.stringify({ end: { ...whole, ...end } })}\n`));
  return file;
};

test('a bent backup is refused before anything of the stack is started or changed', async () => {
  const tables = { 'auth.users': { ...createRowSum().digest(), rows: 1 } };
  await expect(restoreStack(withRunning([]), writeBackup({ tables }))).rejects.toThrow(
    'rows of auth.users are not what its end says',
  );
  await expect(restoreStack(withRunning([]), writeBackup({ sha256: '00' }))).rejects.toThrow(
    'its content is not what its end says',
  );
  expect(done).toEqual([]);
});

test('a stack whose services run is not restored into', async () => {
  await expect(restoreStack(withRunning(['postgres', 'auth', 'gateway']), writeBackup({}))).rejects.toThrow(
    'gateway, auth of the stack run: make stack-down first. Nothing was changed.',
  );
  expect(done).toEqual([]);
});
