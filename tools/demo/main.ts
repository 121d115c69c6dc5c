import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '@guildhall/files';
import { dataFolder } from '../dev/folders.ts';
import { findRunning } from '../dev/running.ts';
import { startStack } from '../dev/stack.ts';
import { untilStopped } from '../dev/until-stopped.ts';
import { createHttpClient } from './http-client.ts';
import { JourneyFailed, runJourney, type Account } from './journey.ts';
import { createTerminal } from './terminal.ts';

/** `make demo`: the main job on the running stack, or on one that it starts and stops again. Exit code 1 when a step fails. */
const terminal = createTerminal(process.stdout);
const ownerFile = join(dataFolder, 'keys', 'demo-owner.json');
const setupTokenFile = join(dataFolder, 'setup-token');

const readIfThere = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

const knownOwner = (): Account | null => {
  const { DEMO_OWNER_EMAIL: email, DEMO_OWNER_PASSWORD: password } = process.env;
  if (email !== undefined && password !== undefined) return { email, password };
  const text = readIfThere(ownerFile);
  return text === null ? null : (JSON.parse(text) as Account);
};

const demonstrate = (gateway: string): Promise<void> =>
  runJourney({
    http: createHttpClient(gateway, terminal.exchange),
    terminal,
    mailFolder: join(dataFolder, 'mails'),
    setupToken: readIfThere(setupTokenFile),
    owner: knownOwner(),
    onOwner: async (owner) => writeFileAtomically(ownerFile, JSON.stringify(owner)),
  });

const run = async (): Promise<void> => {
  const running = findRunning(dataFolder);
  if (running?.mode === 'solo')
    throw new JourneyFailed('A solo gateway runs on this data. Stop it (make down) and run make demo again.');
  if (running?.gateway === null) throw new JourneyFailed('The stack is still starting. Run make demo again when it is up.');
  if (running !== null) return demonstrate(running.gateway);
  terminal.say('No stack is running: starting one for the demonstration.');
  const stopped = untilStopped();
  const onNote = (line: string): void => terminal.say(`   ${line}`);
  const stack = await startStack({ dataFolder, onNote, signal: stopped.signal });
  try {
    const interrupted = stopped.name.then((name) => {
      throw new JourneyFailed(`${name}: stopped.`);
    });
    await Promise.race([demonstrate(stack.urls.gateway), interrupted]);
  } finally {
    await stack.close();
  }
};

try {
  await run();
  terminal.say('\nEvery step was as it should be.');
  process.exit(0);
} catch (error) {
  terminal.failed(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
