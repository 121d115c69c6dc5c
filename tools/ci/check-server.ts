import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import path from 'node:path';
import { say } from './say.ts';

const root = path.resolve(import.meta.dirname, '../..');
const migrate = path.join(root, 'libs/migrate/src/cli.ts');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const stepSecondsMax = 900;

/** Files that no server's version changes: the way of a call between processes, and long histories of copies in SQLite. */
const leftOut = /-lane\.faults\.test\.ts$|sync-replicas\.faults/;
const ofTheWhole = globSync('tests/contract/*.test.ts', { cwd: root }).filter((file) => !leftOut.test(file));

/** The test suites that use the database: the contracts of every service, the suite of every route, libs/db and the catalog. */
const suites = ['test/contract', ...ofTheWhole, 'libs/db/test', 'libs/database-link/test', 'libs/migrate/test/catalog.test.ts'];

/** Runs a command and returns whether it succeeded. It is ended with this process, and after `stepSecondsMax`, to end a hang. */
const run = async (command: readonly string[], env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<boolean> => {
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    signal: AbortSignal.any([signal, AbortSignal.timeout(stepSecondsMax * 1_000)]),
  });
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    throw error;
  });
  const [code] = (await Promise.race([once(child, 'exit'), failed])) as [number | null];
  return code === 0;
};

/**
 * Runs every migration up and down, the contract suites and `more` of them, on the server at `url`. Returns whether all of
 * them passed.
 */
export const checkServer = async (
  url: string,
  name: string,
  signal: AbortSignal,
  more: readonly string[] = [],
): Promise<boolean> => {
  const begun = performance.now();
  const holds =
    (await run([migrate, 'verify'], { DATABASE_URL: url }, signal)) &&
    (await run([vitest, 'run', ...suites, ...more], { TEST_DATABASE_URL: url }, signal));
  say(`${name}: ${holds ? 'everything passed' : 'FAILED'}, ${Math.round((performance.now() - begun) / 1_000)} s.`);
  return holds;
};
