import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openLogFile, readOrCreatePrivateFile, writeFileAtomically } from '@guildhall/files';
import getPort from 'get-port';
import { Client } from 'pg';
import { findRunningPostgres, removeOrphan } from './postgres-leftover.ts';
import { initdbOwner, letIn, takeOver } from './postgres-account.ts';
import { giveTo, preparePostgresFolders, type PostgresFolders } from './postgres-folders.ts';
import { waitFor } from './wait-for.ts';

export interface EmbeddedPostgresOptions {
  /** Holds data, password and log. An existing one is used again. */
  readonly dataFolder: string;
  /** Without one, a free port is taken. */
  readonly port?: number;
  /** Prints one line per step. */
  readonly log?: (line: string) => void;
  /** The folder with bin/ of another PostgreSQL from version 15. Default: the one that came with the packages. */
  readonly binaries?: string;
  /** False for tests: faster, and the data is lost with the machine. Default: true. */
  readonly isDurable?: boolean;
  /** True for little data: new data is kept in memory, where the machine has room for it. Default: false. */
  readonly isInMemory?: boolean;
  /** Further settings of the server, such as `{ default_transaction_isolation: 'serializable' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  readonly port: number;
  /** The address with the administrator's name and password. Default database: postgres. */
  url(database?: string): string;
  /** Ends every connection and waits until the server has ended. */
  stop(): Promise<void>;
  /** Kills the server as a crash would: SIGKILL. */
  kill(): Promise<void>;
}

const initTimeoutMs = 120_000;
const readyTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const connectTimeoutMs = 2_000;
const logTailLines = 15;
const portTriesMax = 5;
const builtinLocaleSince = 17;
const scramIterationsSince = 16;
const administrator = 'postgres';

const logTail = (logFile: string): string => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-logTailLines).join('\n');

const readPassword = (dataFolder: string): string =>
  readOrCreatePrivateFile(path.join(dataFolder, 'password'), () => randomBytes(32).toString('hex')).trim();

const majorVersion = (binaries: string): number => {
  const version = spawnSync(path.join(binaries, 'bin', 'postgres'), ['--version'], { cwd: '/', encoding: 'utf8' }).stdout;
  return Number(/\d+/.exec(version)?.[0]);
};

/** Words and case in UTF-8, the same on every machine. Before 17 PostgreSQL has no such locale of its own and asks the system's. */
const localeOf = (version: number): string[] =>
  version < builtinLocaleSince
    ? ['--locale-provider=libc', '--locale=C.UTF-8']
    : ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/** A server that is not durable holds nothing to protect: at the usual 4,096 iterations each connection costs 3 ms more. */
const scramOf = (version: number, isDurable: boolean): string[] =>
  isDurable || version < scramIterationsSince ? [] : ['--set', 'scram_iterations=1'];

/** Made aside and renamed at the end, so that a making that was cut short leaves no half database. */
const initialise = ({ binaries, data, owner }: PostgresFolders, password: string, isDurable: boolean): void => {
  const aside = `${data}.making`;
  const [making, passwordFile] = [path.join(aside, 'data'), path.join(aside, 'password')];
  const maker = initdbOwner(owner);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  letIn(owner, aside);
  giveTo(maker, making, 0o700);
  writeFileAtomically(passwordFile, password, { isDurable: false });
  giveTo(maker, passwordFile, 0o600);
  const access = ['-U', administrator, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const version = majorVersion(binaries);
  const locale = ['--encoding=UTF8', ...localeOf(version)];
  const initdb = spawnSync(
    path.join(binaries, 'bin', 'initdb'),
    [
      '-D',
      making,
      ...access,
      ...locale,
      ...scramOf(version, isDurable),
      '--no-instructions',
      ...(isDurable ? [] : ['--no-sync']),
    ],
    { ...maker, cwd: '/', encoding: 'utf8', timeout: initTimeoutMs, env: { PATH: process.env['PATH'] } },
  );
  if (initdb.status !== 0) {
    throw new Error(`initdb failed: ${initdb.stderr || initdb.stdout || String(initdb.error)}`, { cause: initdb.error });
  }
  takeOver(owner, making);
  renameSync(making, data);
  rmSync(aside, { recursive: true, force: true });
};

const settingsOf = (port: number, { isDurable = true, settings = {} }: EmbeddedPostgresOptions): string[] =>
  [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=128MB',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(isDurable
      ? []
      : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0']),
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  ].flatMap((setting) => ['-c', setting]);

/**
 * Settings of glibc's allocator for a server of tests, whose many sessions are short: memory is taken in large pages and not given back
 * between statements. Where a page fault is dear, as in many virtual machines, it saves 4 % of what the tests cost. Other C libraries ignore them.
 */
const allocatorOfTests = {
  GLIBC_TUNABLES: [
    'glibc.malloc.hugetlb=1',
    `glibc.malloc.top_pad=${4 * 2 ** 20}`,
    `glibc.malloc.trim_threshold=${256 * 2 ** 20}`,
    `glibc.malloc.mmap_threshold=${64 * 2 ** 20}`,
  ].join(':'),
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const ended = async (child: ChildProcess, timeoutMs: number): Promise<void> => {
  await waitFor(() => hasEnded(child), { timeoutMs, what: 'PostgreSQL to end' });
};

/** Its own process group: Ctrl-C at a terminal reaches the services first, and they still find their database. */
const spawnServer = (folders: PostgresFolders, logFile: string, port: number, options: EmbeddedPostgresOptions): ChildProcess => {
  const output = openLogFile(logFile);
  const child = spawn(path.join(folders.binaries, 'bin', 'postgres'), ['-D', folders.data, ...settingsOf(port, options)], {
    ...folders.owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: process.env['PATH'], ...(options.isDurable === false ? allocatorOfTests : {}) },
  });
  closeSync(output);
  return child;
};

const canConnect = async (url: string): Promise<boolean> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const waitUntilReady = async (child: ChildProcess, url: string, logFile: string): Promise<void> => {
  const answersOrEnded = async (): Promise<boolean> => hasEnded(child) || (await canConnect(url));
  await waitFor(answersOrEnded, { timeoutMs: readyTimeoutMs, intervalMs: 50, what: 'PostgreSQL to answer' }).catch(
    (cause: unknown) => {
      child.kill('SIGQUIT');
      throw new Error(`PostgreSQL does not answer. Its log ends with:\n${logTail(logFile)}`, { cause });
    },
  );
  if (hasEnded(child)) throw new Error(`PostgreSQL did not start. Its log ends with:\n${logTail(logFile)}`);
};

const startServer = async (
  folders: PostgresFolders,
  options: EmbeddedPostgresOptions,
  urlOn: (port: number, database: string) => string,
) => {
  const logFile = path.join(options.dataFolder, 'postgres.log');
  for (let tryNumber = 1; ; tryNumber += 1) {
    const port = options.port ?? (await getPort({ host: '127.0.0.1' }));
    const child = spawnServer(folders, logFile, port, options);
    try {
      await waitUntilReady(child, urlOn(port, 'postgres'), logFile);
      return { child, port };
    } catch (error) {
      const isTaken = hasEnded(child) && logTail(logFile).includes('could not bind');
      if (options.port !== undefined || !isTaken || tryNumber >= portTriesMax) throw error;
    }
  }
};

/**
 * Starts PostgreSQL on 127.0.0.1 from the binaries in the installed packages, making its data on the first start.
 * Throws when a server already runs on this folder, when the port is taken, or with the end of the server's own log.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { dataFolder, log = () => undefined, isDurable = true } = options;
  await removeOrphan(dataFolder);
  const folders = preparePostgresFolders(dataFolder, options);
  const running = findRunningPostgres(dataFolder);
  if (running !== undefined) throw new Error(`A PostgreSQL already runs on ${dataFolder} (process ${running}).`);
  takeOver(folders.owner, folders.data);
  const password = readPassword(dataFolder);
  if (!existsSync(path.join(folders.data, 'PG_VERSION'))) {
    log(`Making a PostgreSQL database in ${folders.data}`);
    initialise(folders, password, isDurable);
  }
  const urlOn = (port: number, database: string): string =>
    `postgres://${administrator}:${password}@127.0.0.1:${port}/${database}`;
  const { child, port } = await startServer(folders, options, urlOn);
  const stopWithProcess = (): void => void child.kill('SIGINT');
  process.once('exit', stopWithProcess);
  log(`PostgreSQL answers on 127.0.0.1:${port}`);

  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
    if (!hasEnded(child)) child.kill(signal);
    await ended(child, stopTimeoutMs).catch(async () => {
      child.kill('SIGKILL');
      await ended(child, stopTimeoutMs);
    });
    process.off('exit', stopWithProcess);
  };
  return { port, url: (database = 'postgres') => urlOn(port, database), stop: () => end('SIGINT'), kill: () => end('SIGKILL') };
};
