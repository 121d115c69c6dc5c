import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { internalKeyBase64, processEnvironment, serviceKeysOf } from '@guildhall/testkit';
import { afterEach, expect, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../src/main.ts');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const run = (env: Record<string, string>) => {
  const child = spawn(process.execPath, [main], { env: { ...processEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  const listening = Promise.withResolvers<undefined>();
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes('"msg":"listening at ')) listening.resolve(undefined);
  });
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    listening: listening.promise,
    child,
    exit: once(child, 'close') as Promise<[number | null]>,
    output: () => output,
  };
};

const unreachable = {
  ...serviceKeysOf('team-resources'),
  INTERNAL_KEY: internalKeyBase64,
  AUDIT_URL: 'http://127.0.0.1:9',
  DATABASE_URL: 'postgres://x@127.0.0.1:9/x',
};

test('a configuration that is not complete ends the process with one clear message', async () => {
  const { exit, output } = run({});
  expect((await exit)[0]).toBe(1);
  expect(output()).toBe(
    'The configuration is not complete:\n  SERVICE_KEY or SERVICE_KEY_FILE is missing: 32 random bytes in base64.\n  INTERNAL_KEY or INTERNAL_KEY_FILE is missing: 32 random bytes in base64.\n  AUDIT_URL is missing.\n',
  );
});

test('a port that is taken ends the process: nothing that was started keeps it alive', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { exit, output } = run({ ...unreachable, PORT: String((server.address() as AddressInfo).port) });
  expect((await exit)[0]).toBe(1);
  expect(output()).toContain('EADDRINUSE');
  server.close();
});

test('SIGTERM ends the process cleanly, also while its database cannot be reached', async () => {
  const { child, exit, listening, output } = run(unreachable);
  expect(await Promise.race([listening, exit.then(output)])).toBeUndefined();
  child.kill('SIGTERM');
  expect((await exit)[0]).toBe(0);
});
