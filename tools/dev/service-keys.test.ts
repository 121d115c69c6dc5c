import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServiceIdentity } from '@guildhall/principal';
import { runNode } from '@guildhall/testkit/run-node';
import { expect, onTestFinished, test } from 'vitest';
import { ensureServiceKeys, processNames, serviceKeyFiles } from './service-keys.ts';

const keyIds = (folder: string): string[] =>
  processNames.map((name) => readServiceIdentity(serviceKeyFiles(folder, name), name).keyId);

test('each process of a data folder has a key of its own, which stays, and is replaced when its file was removed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  ensureServiceKeys(folder);
  const first = keyIds(folder);
  expect(new Set(first).size).toBe(4);
  expect(statSync(serviceKeyFiles(folder, 'auth').SERVICE_KEY_FILE).mode & 0o777).toBe(0o600);
  ensureServiceKeys(folder);
  expect(keyIds(folder)).toEqual(first);
  rmSync(serviceKeyFiles(folder, 'audit').SERVICE_KEY_FILE);
  ensureServiceKeys(folder);
  expect(keyIds(folder).map((id, index) => id === first[index])).toEqual([true, true, true, false]);
});

test('make service-keys prints a key for each process, and each process takes it', async () => {
  const { stdout: printed } = await runNode([join(import.meta.dirname, 'print-service-keys.ts')]);
  const settings = Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? []),
  ) as Record<string, string>;
  for (const name of processNames) {
    const SERVICE_KEY = settings[`${name.toUpperCase().replace('-', '_')}_SERVICE_KEY`] ?? '';
    const { SERVICE_PUBLIC_KEYS = '' } = settings;
    expect(readServiceIdentity({ SERVICE_KEY, SERVICE_PUBLIC_KEYS }, name).name).toBe(name);
  }
});
