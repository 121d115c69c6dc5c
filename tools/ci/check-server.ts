import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { say } from './say.ts';

const root = path.resolve(import.meta.dirname, '../..');
const migrate = path.join(root, 'libs/migrate/src/cli.ts');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const stepSecondsMax = 900;

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

export interface ServerCheck {
  readonly url: string;
  /** The server's name, for people. */
  readonly name: string;
  /** The test files, as vitest's filters. */
  readonly suites: readonly string[];
  /** How the tests find the server. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs every migration up and down, and then the suites, on a server. Returns whether all of them passed. */
export const checkServer = async ({ url, name, suites, env, signal }: ServerCheck): Promise<boolean> => {
  const begun = performance.now();
  const holds =
    (await run([migrate, 'verify'], { DATABASE_URL: url }, signal)) &&
    (await run([vitest, 'run', '--project', 'tests', ...suites], env, signal));
  say(`${name}: ${holds ? 'everything passed' : 'FAILED'}, ${Math.round((performance.now() - begun) / 1_000)} s.`);
  return holds;
};
