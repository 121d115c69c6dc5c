import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '@guildhall/testkit';
import { rememberDataFolder } from '../dev/data-folders.ts';
import { scratchFolder } from '../dev/folders.ts';
import { sentenceOf } from '../dev/shown.ts';
import { startStack, type Stack } from '../dev/stack.ts';
import { untilStopped } from '../dev/until-stopped.ts';
import { createHttpClient } from './http-client.ts';
import { runJourney } from './journey.ts';
import { JourneyFailed } from './steps.ts';
import { createTerminal } from './terminal.ts';

/**
 * `make demo`: the main job on a stack of its own, with a data folder that goes at the end: what runs here otherwise, its
 * data and its owner stay as they are. Exit code 1 when a step fails.
 */
const terminal = createTerminal(process.stdout);

/** Others may enter it: started by root, PostgreSQL is one of them. */
const makeFolder = (): string => {
  mkdirSync(scratchFolder, { recursive: true });
  const folder = mkdtempSync(join(scratchFolder, 'demo-'));
  chmodSync(folder, 0o755);
  rememberDataFolder(folder);
  return folder;
};

const removeFolder = async (folder: string): Promise<void> => {
  await removeEmbeddedPostgres(join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
};

const demonstrate = ({ urls, mailFolder, setupToken }: Stack): Promise<void> => {
  if (setupToken === null) throw new JourneyFailed('A stack on a new data folder has an owner already.');
  return runJourney({ http: createHttpClient(urls.gateway, terminal.exchange), terminal, mailFolder, setupToken });
};

const onNote = (line: string): void => terminal.say(`   ${line}`);

const runOn = async (dataFolder: string): Promise<void> => {
  const stopped = untilStopped();
  const stack = await startStack({ dataFolder, onNote, signal: stopped.signal });
  try {
    const interrupted = stopped.name.then((name) => {
      throw new JourneyFailed(`${name}: stopped.`);
    });
    await Promise.race([demonstrate(stack), interrupted]);
  } finally {
    await stack.close();
  }
};

// The codes are read from the mail folder: nobody is sent a mail.
delete process.env['SMTP_URL'];
const folder = makeFolder();
try {
  terminal.say('Starting a stack of its own for the demonstration; it goes at the end.');
  await runOn(folder);
  terminal.say('\nEvery step was as it should be.');
  await removeFolder(folder);
  process.exit(0);
} catch (error) {
  terminal.failed(sentenceOf(error));
  await removeFolder(folder).catch(() => terminal.say(`${folder} could not be removed.`));
  process.exit(1);
}
