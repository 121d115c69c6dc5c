import { chmodSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import {
  findRunningPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
  stopLeftover,
  waitFor,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../src/index.ts';
import { runNode } from '../src/run-node.ts';

const isRoot = process.getuid?.() === 0;

/** Makes a folder that nobody else may enter, as `mktemp -d` does and as home directories are. */
const privateFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-private-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const openFolder = (): string => {
  const folder = privateFolder();
  chmodSync(folder, 0o755);
  return folder;
};

const start = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ isDurable: false, ...options });
  onTestFinished(() => server.stop().then(() => removeEmbeddedPostgres(options.dataFolder)));
  return server;
};

const ask = async (url: string, text: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

test('data outlives a stop, a crash and a start on another port', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const first = await start({ dataFolder, isDurable: true });
  await ask(first.url(), 'CREATE TABLE kept (n int)');
  await first.stop();
  const second = await start({ dataFolder, isDurable: true });
  await ask(second.url(), 'INSERT INTO kept VALUES (1)');
  await second.kill();
  const third = await start({ dataFolder, port: first.port, isDurable: true });
  expect(third.port).toBe(first.port);
  expect(await ask(third.url(), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
});

test('only this machine reaches it, with a password that only its owner can read', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const server = await start({ dataFolder });
  expect(
    await ask(server.url(), "SELECT current_setting('listen_addresses') AS a, current_setting('unix_socket_directories') AS s"),
  ).toEqual([{ a: '127.0.0.1', s: '' }]);
  expect(statSync(path.join(dataFolder, 'password')).mode & 0o777).toBe(0o600);
  const wrong = new URL(server.url());
  wrong.password = 'wrong';
  await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

test('a second server on the same data is refused, and one that was left behind can be stopped', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const server = await start({ dataFolder });
  const pid = findRunningPostgres(dataFolder);
  await expect(startEmbeddedPostgres({ dataFolder })).rejects.toThrow(
    `A PostgreSQL already runs on ${dataFolder} (process ${pid}).`,
  );
  expect(await stopLeftover(dataFolder)).toBe(true);
  expect(await stopLeftover(dataFolder)).toBe(false);
  await expect(ask(server.url(), 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port that is taken is an error that says so', async () => {
  const first = await start({ dataFolder: path.join(openFolder(), 'postgres') });
  const second = start({ dataFolder: path.join(openFolder(), 'postgres'), port: first.port });
  await expect(second).rejects.toThrow(/could not bind IPv4 address "127.0.0.1": Address already in use/);
});

test.runIf(isRoot)(
  'root may keep it in a folder that nobody else can enter: it runs elsewhere, and is removed from there',
  async () => {
    const dataFolder = path.join(privateFolder(), 'postgres');
    const server = await startEmbeddedPostgres({ dataFolder, isDurable: false });
    const elsewhere = readlinkSync(path.join(dataFolder, 'elsewhere'));
    await ask(server.url(), 'CREATE TABLE kept (n int)');
    await server.stop();
    const again = await startEmbeddedPostgres({ dataFolder, isDurable: false });
    expect(await ask(again.url(), 'SELECT n FROM kept')).toEqual([]);
    expect(readlinkSync(path.join(dataFolder, 'elsewhere'))).toBe(elsewhere);
    expect(statSync(path.join(elsewhere, 'data')).uid).not.toBe(0);
    await removeEmbeddedPostgres(dataFolder);
    expect([existsSync(dataFolder), existsSync(elsewhere)]).toEqual([false, false]);
    await again.stop();
  },
);

test('it ends with the process that started it', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve(import.meta.dirname, '../src/embedded-postgres.ts'))};
    await startEmbeddedPostgres({ dataFolder: ${JSON.stringify(dataFolder)}, isDurable: false }); process.exit(3);`;
  expect(await runNode(['--input-type=module', '-e', script])).toEqual({ status: 3, stdout: '', stderr: '' });
  await waitFor(() => findRunningPostgres(dataFolder) === undefined, { what: 'PostgreSQL to end' });
  expect(readFileSync(path.join(dataFolder, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  await removeEmbeddedPostgres(dataFolder);
});
