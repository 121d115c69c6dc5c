import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** A Directus of its own, as a user would install it: from npm, on a database of the same server, with what makes it fast switched on. */
export interface Directus {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

export interface DirectusParts {
  /** The folder that it is installed in, kept for the next run. */
  readonly folder: string;
  readonly version: string;
  readonly port: number;
  readonly say: (text: string) => void;
}

export const admin = {
  email: 'admin@example.com',
  password: 'correct-horse-battery-staple',
  token: 'bench-token-of-the-administrator',
};

const startMsMax = 120_000;
const installMsMax = 900_000;
const databaseName = 'directus';

const end = async (child: ChildProcess, what: string, msMax: number): Promise<void> => {
  const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(msMax) })) as [number | null];
  if (code !== 0) throw new Error(`${what} ended with ${code ?? 'a signal'}.`);
};

const install = async ({ folder, version, say }: DirectusParts): Promise<string> => {
  const home = join(folder, version);
  const cli = join(home, 'node_modules', 'directus', 'cli.js');
  if (existsSync(cli)) return cli;
  say(`installing directus@${version} from npm, some minutes`);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts'];
  const npm = spawn('npm', ['install', `directus@${version}`, ...options], { cwd: home, stdio: 'inherit' });
  await end(npm, 'npm install', installMsMax);
  // The sandbox of extensions wants a compiler and the headers of this Node. None is used here, and nothing of it is called by a request.
  await writeFile(join(home, 'node_modules', 'isolated-vm', 'isolated-vm.js'), 'module.exports = {};\n');
  return cli;
};

/** A new database for it. Returns its address. */
const createDatabase = async (databaseUrl: string): Promise<string> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${databaseName}`);
  await client.query(`CREATE DATABASE ${databaseName}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
};

const settingsOf = (databaseUrl: string, port: number): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOST: '127.0.0.1',
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  DB_CLIENT: 'pg',
  DB_CONNECTION_STRING: databaseUrl,
  SECRET: 'a secret of the benchmark, long enough',
  ADMIN_EMAIL: admin.email,
  ADMIN_PASSWORD: admin.password,
  ADMIN_TOKEN: admin.token,
  TELEMETRY: 'false',
  LOG_LEVEL: 'warn',
  // Its answer under load is 503 otherwise.
  PRESSURE_LIMITER_ENABLED: 'false',
  CACHE_SCHEMA_FREEZE_ENABLED: 'true',
});

const untilReady = async (url: string, child: ChildProcess): Promise<void> => {
  const deadline = performance.now() + startMsMax;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Directus ended with ${child.exitCode} while starting.`);
    const isReady = await fetch(`${url}/server/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (performance.now() > deadline) throw new Error('Directus did not start in time.');
    await pause(500);
  }
};

const start = async (cli: string, env: NodeJS.ProcessEnv): Promise<Directus> => {
  const url = `http://127.0.0.1:${env['PORT'] ?? ''}`;
  const child = spawn(process.execPath, [cli, 'start'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await untilReady(url, child);
  return {
    url,
    pid: child.pid ?? 0,
    async close() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
};

/** Installs it if it is not there, makes its tables, calls `prepare` with it, and starts it anew: a frozen schema is read at the start. */
export const startDirectus = async (
  parts: DirectusParts,
  serverUrl: string,
  prepare: (url: string) => Promise<void>,
): Promise<Directus> => {
  const cli = await install(parts);
  const env = settingsOf(await createDatabase(serverUrl), parts.port);
  await end(
    spawn(process.execPath, [cli, 'bootstrap'], { env, stdio: ['ignore', 'ignore', 'inherit'] }),
    'bootstrap',
    startMsMax,
  );
  const first = await start(cli, { ...env, CACHE_SCHEMA_FREEZE_ENABLED: 'false' });
  try {
    await prepare(first.url);
  } finally {
    await first.close();
  }
  return start(cli, env);
};
