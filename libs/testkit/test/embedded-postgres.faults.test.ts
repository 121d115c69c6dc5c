import { execFile } from 'node:child_process';
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
import { hasRoomInMemory } from '../src/postgres-folders.ts';
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

test.runIf(hasRoomInMemory())('little data is kept in memory, used again by the next start, and removed from there', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const begin = () => start({ dataFolder, isInMemory: true });
  const server = await begin();
  await ask(server.url(), 'CREATE TABLE kept (n int)');
  await server.stop();
  const inMemory = readlinkSync(path.join(dataFolder, 'elsewhere'));
  expect([path.dirname(inMemory), existsSync(path.join(dataFolder, 'data'))]).toEqual(['/dev/shm', false]);
  const again = await begin();
  expect(await ask(again.url(), 'SELECT n FROM kept')).toEqual([]);
  await removeEmbeddedPostgres(dataFolder);
  expect([existsSync(dataFolder), existsSync(inMemory)]).toEqual([false, false]);
});

/** Runs a command, as the account `nobody` where an id is given. Resolves with whether it succeeded. */
const succeeds = (command: string, args: readonly string[], id?: number): Promise<boolean> =>
  new Promise((resolve) => {
    const account = id === undefined ? {} : { uid: id, gid: id };
    execFile(command, [...args], { ...account, cwd: '/', timeout: 10_000 }, (error) => resolve(error === null));
  });
const nobody = 65_534;

test.runIf(isRoot)('as root it runs under an id of its own: nobody reads its data, or signals it', async () => {
  const [one, other] = [path.join(openFolder(), 'postgres'), path.join(openFolder(), 'postgres')];
  await start({ dataFolder: one });
  await start({ dataFolder: other });
  const uids = [one, other].map((folder) => statSync(path.join(folder, 'data')).uid);
  expect(uids.every((uid) => uid >= 65_520 && uid <= 65_533)).toBe(true);
  expect(new Set(uids).size).toBe(2);
  const pid = String(findRunningPostgres(one));
  expect(await succeeds('ls', [path.join(one, 'data')], nobody)).toBe(false);
  expect(await succeeds('test', ['-r', path.join(one, 'data', 'pg_hba.conf')], nobody)).toBe(false);
  expect(await succeeds('kill', ['-0', pid], nobody)).toBe(false);
  expect(await succeeds('kill', ['-0', pid], uids[0])).toBe(true);
  expect(statSync(`/proc/${pid}`).uid).toBe(uids[0]);
});

test.runIf(isRoot)('data that an earlier release made as nobody is taken over, and the id stays', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const first = await start({ dataFolder, isDurable: true });
  await ask(first.url(), 'CREATE TABLE kept AS SELECT 1 AS n');
  await first.stop();
  const data = path.join(dataFolder, 'data');
  expect(await succeeds('chown', ['-R', `${nobody}:${nobody}`, data])).toBe(true);
  const second = await start({ dataFolder, isDurable: true });
  expect(await ask(second.url(), 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  const { uid } = statSync(data);
  expect([statSync(path.join(data, 'pg_hba.conf')).uid, uid === nobody]).toEqual([uid, false]);
  await second.stop();
  await start({ dataFolder, isDurable: true });
  expect(statSync(data).uid).toBe(uid);
});

test('it ends with the process that started it', async () => {
  const dataFolder = path.join(openFolder(), 'postgres');
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(path.resolve(import.meta.dirname, '../src/embedded-postgres.ts'))};
    await startEmbeddedPostgres({ dataFolder: ${JSON.stringify(dataFolder)}, isDurable: false }); process.exit(3);`;
  expect(await runNode(['--input-type=module', '-e', script])).toEqual({ status: 3, stdout: '', stderr: '' });
  await waitFor(() => findRunningPostgres(dataFolder) === undefined, { what: 'PostgreSQL to end' });
  // Said last, after the file is gone that says that it runs.
  const said = (): string => readFileSync(path.join(dataFolder, 'postgres.log'), 'utf8');
  await waitFor(() => said().includes('database system is shut down'), { what: 'PostgreSQL to say that it was shut down' });
  await removeEmbeddedPostgres(dataFolder);
});
