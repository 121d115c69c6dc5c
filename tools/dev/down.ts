import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@guildhall/testkit';
import { knownDataFolders } from './data-folders.ts';
import { dataFolder, isDataFolderGiven, scratchFolder } from './folders.ts';
import { isAgreed } from './ask.ts';
import { endProcess } from './process-start.ts';
import { allowClosedOutput } from './quiet.ts';
import { clearLeftovers, findRunning } from './running.ts';
import { sentenceOf, shownPath } from './shown.ts';

/**
 * `make down`: stops what this clone has started, on whichever data folder, also what a launcher that was killed has left.
 * `--remove-data` (`make clean-data`) also removes this clone's data, or that of DATA_FOLDER, after a yes;
 * `--remove-scratch` (`make clean`) the databases of its tests.
 */
const launcherStopTimeoutMs = 40_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Describes what was stopped; null if nothing ran there. */
const stopOn = async (folder: string): Promise<string | null> => {
  const running = findRunning(folder);
  if (running !== null) await endProcess(running, launcherStopTimeoutMs);
  const left = await clearLeftovers(folder);
  const where = folder === dataFolder && !isDataFolderGiven ? '' : ` on ${shownPath(folder)}`;
  if (left.length > 0) return `Stopped what a killed run had left${where}: ${left.join(', ')}.`;
  return running === null ? null : `Stopped${where}. Nothing is left running.`;
};

const stopAll = async (folders: readonly string[]): Promise<void> => {
  const stopped: string[] = [];
  for (const folder of folders) {
    const line = await stopOn(folder);
    if (line !== null) stopped.push(line);
  }
  say(stopped.length === 0 ? 'Nothing was running.' : stopped.join('\n'));
};

const foldersIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];

/** A test run keeps its server's data in a folder of its own, a test stack in `postgres` within its folder. */
const removeScratch = async (): Promise<void> => {
  const scratch = [...foldersIn(scratchFolder), ...foldersIn(join(scratchFolder, 'test-runs'))];
  for (const folder of scratch.flatMap((one) => [join(one, 'postgres'), one])) {
    if (existsSync(folder)) await removeEmbeddedPostgres(folder);
  }
};

const removeData = async (): Promise<void> => {
  if (!existsSync(dataFolder)) return say(`There is no data in ${shownPath(dataFolder)}.`);
  const question = `Remove every database, key, log and mail in ${dataFolder}? What they hold cannot be brought back.`;
  if (!(await isAgreed(question))) return say('Nothing was removed.');
  await stopOn(dataFolder);
  await removeEmbeddedPostgres(join(dataFolder, 'postgres'));
  rmSync(dataFolder, { recursive: true, force: true });
  say(`Removed ${dataFolder}.`);
};

allowClosedOutput();
try {
  if (process.argv.includes('--remove-data')) await removeData();
  else await stopAll(knownDataFolders());
  if (process.argv.includes('--remove-scratch')) await removeScratch();
} catch (error) {
  say(sentenceOf(error));
  process.exitCode = 1;
}
