import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { dataFolder } from './folders.ts';
import { findRunning } from './running.ts';
import { databaseName } from './shared-database.ts';

/**
 * `make migrate-…`: the migration commands on the database they are meant for. DATABASE_URL when it is set; otherwise
 * this clone's own, running or started for the command; `verify` and `dump` get a server of their own that is thrown away.
 */
const commandLine = join(import.meta.dirname, '..', '..', 'libs', 'migrate', 'src', 'cli.ts');
const scratchFolder = join(import.meta.dirname, '..', '..', '.tmp');
const soloFile = join(dataFolder, 'solo', 'guildhall.sqlite');
const needsNoDatabase = new Set(['new', '--help', undefined]);
const needsScratch = new Set(['verify', 'dump']);

const runCommand = async (env: Record<string, string>): Promise<number> => {
  const child = spawn(process.execPath, [commandLine, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
};

const onScratchServer = async (): Promise<number> => {
  mkdirSync(scratchFolder, { recursive: true });
  const folder = mkdtempSync(join(scratchFolder, 'migrate-'));
  try {
    const server = await startEmbeddedPostgres({ dataFolder: folder, isDurable: false });
    try {
      return await runCommand({ DATABASE_URL: server.url() });
    } finally {
      await server.stop();
    }
  } finally {
    await removeEmbeddedPostgres(folder);
  }
};

const onOwnDatabase = async (): Promise<number> => {
  const solo: Record<string, string> =
    process.env['DATA_FILE'] === undefined && existsSync(soloFile) ? { DATA_FILE: soloFile } : {};
  if (process.env['DATABASE_URL'] !== undefined) return runCommand(solo);
  const running = findRunning(dataFolder);
  if (running?.databaseUrl !== undefined) return runCommand({ ...solo, DATABASE_URL: running.databaseUrl });
  const server = await startEmbeddedPostgres({ dataFolder: join(dataFolder, 'postgres') });
  try {
    return await runCommand({ ...solo, DATABASE_URL: server.url(databaseName) });
  } finally {
    await server.stop();
  }
};

const command = process.argv[2];
const isOwnServer = process.env['DATABASE_URL'] !== undefined;
if (needsNoDatabase.has(command)) process.exitCode = await runCommand({});
else process.exitCode = needsScratch.has(command ?? '') && !isOwnServer ? await onScratchServer() : await onOwnDatabase();
