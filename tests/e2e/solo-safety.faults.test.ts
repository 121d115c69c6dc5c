import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHttpClient } from '../../tools/demo/http-client.ts';
import { choosePort } from '../../tools/dev/ports.ts';
import { createServiceProcess, type ServiceProcess } from '../../tools/dev/service-process.ts';
import { removeScratchFolder, scratchFolder } from '../support/scratch-folders.ts';
import { readLocalToken } from '../support/test-stack.ts';
import { must } from '../support/users.ts';

let folder: string;
let dataFile: string;
let gateway: ServiceProcess;

const gatewayOn = async (name: string): Promise<ServiceProcess> => {
  const { port } = await choosePort('gateway', 0);
  return createServiceProcess({
    name,
    entry: join(import.meta.dirname, '../../services/gateway/src/main.ts'),
    url: `http://127.0.0.1:${port}`,
    env: { ...processEnvironment(), PORT: String(port), DATA_FILE: dataFile },
    logFile: join(folder, `${name}.log`),
    onNote: () => {},
  });
};

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `make solo-backup` and `make solo-restore`, as make runs them. */
const run = async (tool: 'solo-backup' | 'solo-restore', ...given: string[]): Promise<Ran> => {
  const entry = join(import.meta.dirname, '../../tools/dev', `${tool}.ts`);
  const env = { ...processEnvironment(), DATA_FILE: dataFile, DATA_FOLDER: folder };
  const child = spawn(process.execPath, [entry, ...given], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
};

beforeEach(async () => {
  folder = scratchFolder('solo-safety');
  dataFile = join(folder, 'solo', 'guildhall.sqlite');
  gateway = await gatewayOn('gateway');
  await gateway.start();
});
afterEach(async () => {
  await gateway.stop();
  await removeScratchFolder(folder);
});

/** A client of this machine's user. */
const asUser = () => createHttpClient(gateway.url, () => {}, readLocalToken(join(folder, 'solo', 'local-token')));

const addWorkspace = (name: string) => must(asUser(), 201, 'POST', '/v1/workspaces', { body: { name } });
const workspaceNames = async (): Promise<string[]> => {
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await must(asUser(), 200, 'GET', `/v1/workspaces?limit=100${next}`);
    names.push(...(page['items'] as { name: string }[]).map(({ name }) => name));
    cursor = page['nextCursor'] as string | null;
  }
  return names.toSorted();
};

test('a backup of a gateway at work has all that was acknowledged, and restoring it brings that back', async () => {
  for (let n = 0; n < 20; n += 1) await addWorkspace(`before ${String(n).padStart(2, '0')}`);
  const before = await workspaceNames();
  const backingUp = new AbortController();
  const writing = (async () => {
    while (!backingUp.signal.aborted) await addWorkspace('meanwhile');
  })();
  const backup = await run('solo-backup');
  backingUp.abort();
  await writing;
  const [name = ''] = readdirSync(join(folder, 'solo', 'backups'));
  const file = join(folder, 'solo', 'backups', name);
  expect(name).toMatch(/^guildhall-\d{8}T\d{6}\.\d{3}Z\.sqlite$/);
  expect(backup).toMatchObject({ code: 0, err: '' });
  expect(backup.out).toMatch(new RegExp(`^Backed up and examined, 0\\.\\d MB: ${file}\n`));
  expect(statSync(file).mode & 0o777).toBe(0o600);

  const refused = await run('solo-restore', file);
  expect(refused).toEqual({
    code: 1,
    out: '',
    err: `The data file ${dataFile} cannot be used: process ${gateway.pid} is using it. Stop that one first (Ctrl-C where it runs, or make down), or give this one a file of its own.\n`,
  });

  await gateway.stop();
  const restored = await run('solo-restore', file);
  expect(restored).toMatchObject({ code: 0, err: '' });
  expect(restored.out).toContain(`What was there before is kept: ${dataFile}.replaced-`);
  await gateway.start();
  const after = await workspaceNames();
  expect(after.filter((one) => one !== 'meanwhile')).toEqual(before);
});

test('a second gateway on the same file is refused with the number of the first; kill -9 frees the file', async () => {
  await addWorkspace('Mine');
  const second = await gatewayOn('second');
  await expect(second.start()).rejects.toThrow('second ended (1) while starting');
  expect(readFileSync(join(folder, 'second.log'), 'utf8')).toContain(
    `The data file ${dataFile} cannot be used: process ${gateway.pid} is using it. Stop that one first`,
  );
  expect(await workspaceNames()).toEqual(['Mine']);
  await second.stop();

  await gateway.kill('SIGKILL', { staysDown: true });
  await gateway.start();
  expect(await workspaceNames()).toEqual(['Mine']);
});
