import { readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@guildhall/testkit';

const runsFolder = path.resolve(import.meta.dirname, '../.tmp/test-runs');
const processFileOf = (run: string): string => path.join(runsFolder, `${run}.pid`);

const isRunning = (run: string): boolean => {
  try {
    process.kill(Number(readFileSync(processFileOf(run), 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
};

const removeRun = async (run: string): Promise<void> => {
  await removeEmbeddedPostgres(path.join(runsFolder, run));
  rmSync(processFileOf(run), { force: true });
};

/** A run that was killed leaves its server behind; the next run clears it away. */
const removeDeadRuns = async (): Promise<void> => {
  const runs = readdirSync(runsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  for (const run of runs) if (!isRunning(run)) await removeRun(run);
};

/** One PostgreSQL for the whole run, unless TEST_DATABASE_URL names a server to use. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return undefined;
  mkdirSync(runsFolder, { recursive: true });
  await removeDeadRuns();
  const run = `run-${process.pid}`;
  writeFileSync(processFileOf(run), String(process.pid));
  const server = await startEmbeddedPostgres({ dataFolder: path.join(runsFolder, run), isDurable: false });
  process.env['GUILDHALL_TEST_SERVER_URL'] = server.url();
  return async () => {
    await server.stop();
    await removeRun(run);
  };
}
