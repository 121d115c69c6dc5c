import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';
import { dataFolder, scratchFolder } from './folders.ts';
import { allowClosedOutput } from './quiet.ts';
import { claimData, findRunning } from './running.ts';
import { databaseName, ensureDatabase } from './shared-database.ts';
import { sentenceOf } from './shown.ts';
import { untilStopped } from './until-stopped.ts';

/**
 * `make migrate-…`: the migration commands on the database they are meant for. DATABASE_URL when it is set; otherwise
 * this clone's own, running or started for the command; `verify` and `dump` get a server of their own that is thrown away.
 */
const commandLine = join(import.meta.dirname, '..', '..', 'libs', 'migrate', 'src', 'cli.ts');
const soloFile = join(dataFolder, 'solo', 'guildhall.sqlite');
const needsNoDatabase = new Set(['new', '--help', undefined]);
const needsScratch = new Set(['verify', 'dump', 'draft']);

const say = (text: string): void => void process.stdout.write(`${text}\n`);

// At Ctrl-C the command ends, and then what was started for it.
const stopped = untilStopped().signal;

const runCommand = async (env: Record<string, string>, more: readonly string[] = []): Promise<number> => {
  stopped.throwIfAborted();
  const child = spawn(process.execPath, [commandLine, ...process.argv.slice(2), ...more], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  stopped.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
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

/** Runs the command on the file of the solo gateway that runs here: then it is the only database. */
const onSoloFile = async (solo: Record<string, string>): Promise<number> => {
  const named = process.argv.indexOf('--service');
  const service = named === -1 ? undefined : process.argv[named + 1];
  if (service === 'gateway') return runCommand(solo);
  if (service !== undefined) {
    say(
      `Guildhall runs in solo mode: ${service} has no database here. Name one (DATABASE_URL=...), or stop it first (make down).`,
    );
    return 1;
  }
  say('Guildhall runs in solo mode: these are the migrations of its file. The services have no database here.');
  return runCommand(solo, ['--service', 'gateway']);
};

const onOwnDatabase = async (): Promise<number> => {
  const solo: Record<string, string> =
    process.env['DATA_FILE'] === undefined && existsSync(soloFile) ? { DATA_FILE: soloFile } : {};
  if ((process.env['DATABASE_URL'] ?? '') !== '') return runCommand(solo);
  const running = findRunning(dataFolder);
  if (running?.databaseUrl !== undefined) return runCommand({ ...solo, DATABASE_URL: running.databaseUrl });
  if (running?.mode === 'solo') return onSoloFile(solo);
  const claim = await claimData(dataFolder, 'team', say);
  try {
    const server = await startEmbeddedPostgres({ dataFolder: join(dataFolder, 'postgres') });
    try {
      await ensureDatabase(server.url());
      return await runCommand({ ...solo, DATABASE_URL: server.url(databaseName) });
    } finally {
      await server.stop();
    }
  } finally {
    claim.release();
  }
};

const command = process.argv[2];
const isOwnServer = (process.env['DATABASE_URL'] ?? '') !== '';
const run = (): Promise<number> => {
  if (needsNoDatabase.has(command) || process.argv.includes('--help')) return runCommand({});
  return needsScratch.has(command ?? '') && !isOwnServer ? onScratchServer() : onOwnDatabase();
};

allowClosedOutput();
process.exitCode = await run().catch((error: unknown) => {
  say(sentenceOf(error));
  return 1;
});
