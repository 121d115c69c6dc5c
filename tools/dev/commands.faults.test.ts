import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEnvironment } from '@guildhall/testkit';
import { runNode } from '@guildhall/testkit/run-node';
import { afterEach, beforeEach, expect, test } from 'vitest';

const tool = (name: string): string => join(import.meta.dirname, name);
const anyPort = { GATEWAY_PORT: '0', AUTH_PORT: '0', TEAM_RESOURCES_PORT: '0', AUDIT_PORT: '0', POSTGRES_PORT: '0' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clone = () => ({ DATA_FOLDER: folder, CLONE_FOLDER: join(folder, 'clone'), ...anyPort });

const run = async (name: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) => {
  const { status, stdout, stderr } = await runNode([tool(name), ...args], { ...clone(), ...env });
  return { status, printed: stdout + stderr };
};

test.each([
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
  [
    'QUEUE_URL',
    'amqp://x',
    'QUEUE_URL must be an address that begins with redis:// or rediss:// or postgres:// or postgresql://.',
  ],
  [
    'DATABASE_URL',
    'mysql://root@127.0.0.1/x',
    'DATABASE_URL cannot be used (SCHEME_UNSUPPORTED). Give an address of the form postgres://user:password@host:port/database',
  ],
  ['DATABASE_URL', 'postgres://a:b@127.0.0.1:9/x', 'DATABASE_URL cannot be used (UNREACHABLE).'],
])('make up refuses %s=%s in words, before anything is started or made', async (name, value, words) => {
  const { status, printed } = await run('up.ts', { [name]: value });
  expect(status).toBe(1);
  expect(printed).toContain(words);
  expect(printed).not.toMatch(/\n\s+at /);
  expect(existsSync(join(folder, 'postgres'))).toBe(false);
});

test.each(['up.ts', 'solo.ts'])('%s refuses a port that another program has, and names a free one', async (name) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { status, printed } = await run(name, { GATEWAY_PORT: String(port) });
  expect(status).toBe(1);
  expect(printed).toMatch(
    new RegExp(`^Port ${port} \\(gateway\\) is taken by another program\\. .* GATEWAY_PORT=\\d+ make \\.\\.\\.$`, 'm'),
  );
  other.close();
});

test('status says that nothing runs, and ends with 1 for it', async () => {
  expect(await run('status.ts', {})).toEqual({ status: 1, printed: 'Nothing runs here (make up, make solo).\n' });
});

test('data is removed after a yes only, and never where nobody can be asked', async () => {
  const refused = await run('down.ts', {}, ['--remove-data']);
  expect(refused.status).toBe(1);
  expect(refused.printed).toContain(`Remove every database, key, log and mail in ${folder}?`);
  expect(refused.printed).toContain('say YES=1 to agree');
  expect(existsSync(folder)).toBe(true);
  expect(await run('down.ts', { YES: '1' }, ['--remove-data'])).toEqual({ status: 0, printed: `Removed ${folder}.\n` });
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['migrate.ts', ['--help']],
  ['down.ts', []],
  ['status.ts', []],
  ['solo-backup.ts', []],
])('%s ends quietly when its reader has seen enough', async (name, args) => {
  const child = spawn(process.execPath, [tool(name), ...args], {
    env: { ...processEnvironment(), ...clone() },
  });
  child.stdout.destroy();
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  await once(child, 'close');
  expect(complaint).not.toMatch(/EPIPE|\n\s+at /);
});
