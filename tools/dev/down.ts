import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@guildhall/testkit';
import { dataFolder, scratchFolder } from './folders.ts';
import { endProcess } from './process-start.ts';
import { clearLeftovers, findRunning } from './running.ts';

/**
 * `make down`: stops the stack of this clone, also what a launcher that was killed has left. With `--remove` (`make clean`)
 * the databases go too, of this clone and of its tests, wherever they had to be put.
 */
const launcherStopTimeoutMs = 40_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const stop = async (): Promise<string> => {
  const running = findRunning(dataFolder);
  if (running !== null) await endProcess(running, launcherStopTimeoutMs);
  const left = await clearLeftovers(dataFolder);
  if (left.length > 0) return `Stopped what a killed run had left: ${left.join(', ')}.`;
  return running === null ? 'Nothing was running.' : 'Stopped. Nothing is left running.';
};

const foldersIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];

/** A test run keeps its server's data in a folder of its own, a test stack in `postgres` within its folder. */
const removeDatabases = async (): Promise<void> => {
  const scratch = [...foldersIn(scratchFolder), ...foldersIn(join(scratchFolder, 'test-runs'))];
  const places = [join(dataFolder, 'postgres'), ...scratch.flatMap((folder) => [join(folder, 'postgres'), folder])];
  for (const place of places) if (existsSync(place)) await removeEmbeddedPostgres(place);
};

try {
  say(await stop());
  if (process.argv.includes('--remove')) await removeDatabases();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
