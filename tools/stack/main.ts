import { join } from 'node:path';
import { dataFolder } from '../dev/folders.ts';
import { readPort } from '../dev/ports.ts';
import { refuseUnknownSettings } from '../dev/settings.ts';
import { sentenceOf, shownPath } from '../dev/shown.ts';
import { createTerminal } from '../dev/terminal.ts';
import { openCompose, type StackDatabase } from './compose.ts';
import { pinImages } from './pin-images.ts';
import { ensureStackSecrets } from './secrets.ts';
import { setupTokenIn, startContainers } from './start-stack.ts';

/** `make stack-up`, `stack-down`, `stack-logs`, `stack-pin`: the stack of docker-compose.yml, with its secrets in `.data/stack`. */
const terminal = createTerminal(process.stdout);
const folder = join(dataFolder, 'stack');

const databaseFrom = (name = 'postgres'): StackDatabase => {
  if (name !== 'postgres' && name !== 'cockroach') throw new Error('DATABASE must be postgres or cockroach.');
  return name;
};

const up = async (database: StackDatabase): Promise<void> => {
  refuseUnknownSettings(process.env);
  const compose = openCompose({ project: 'guildhall', folder, database });
  const gateway = `http://127.0.0.1:${readPort(process.env, 'GATEWAY_PORT', 4300)}`;
  const waitedMs = await startContainers({ compose, folder, gateway, onNote: terminal.step });
  const token = setupTokenIn(folder);
  terminal.line(`\nThe stack is up, ${(waitedMs / 1_000).toFixed(1)} s after its containers were started.`);
  terminal.table([
    ['gateway', gateway],
    ['mails', `${shownPath(join(folder, 'mails'))}/`],
    ['secrets', `${shownPath(join(folder, 'secrets'))}/ (with the volumes: what is lost with one is lost)`],
    ...(token === null ? [] : ([['setup token', token]] as const)),
  ]);
  terminal.line('\nmake stack-logs follows the logs, make stack-down stops all and keeps the data.');
};

const run = async (command: string): Promise<void> => {
  const database = databaseFrom(process.env['DATABASE'] || undefined);
  if (command === 'up') return up(database);
  if (command === 'secrets') return ensureStackSecrets(folder);
  if (command === 'pin') return terminal.table(Object.entries(pinImages()));
  const compose = openCompose({ project: 'guildhall', folder, database });
  return command === 'down' ? compose.run(['down', '--remove-orphans']) : compose.run(['logs', '--follow', '--tail', '20']);
};

try {
  await run(process.argv[2] ?? '');
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exitCode = 1;
}
