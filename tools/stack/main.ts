import { join } from 'node:path';
import { dataFolder } from '../dev/folders.ts';
import { readPort } from '../dev/ports.ts';
import { refuseUnknownSettings } from '../dev/settings.ts';
import { sentenceOf, shownPath } from '../dev/shown.ts';
import { createTerminal } from '../dev/terminal.ts';
import { backUpStack } from './back-up.ts';
import { openCompose, type StackDatabase } from './compose.ts';
import { containersOf } from './containers.ts';
import { pinImages } from './pin-images.ts';
import { rollStack } from './roll.ts';
import { ensureStackSecrets } from './secrets.ts';
import { setupTokenIn, startContainers } from './start-stack.ts';

/** `make stack-up`, `stack-roll`, `stack-backup`, `stack-down`, `stack-logs`, `stack-pin`: the stack of docker-compose.yml, with its secrets in `.data/stack`. */
const terminal = createTerminal(process.stdout);
const folder = join(dataFolder, 'stack');
const project = 'guildhall';

const databaseFrom = (name = 'postgres'): StackDatabase => {
  if (name !== 'postgres' && name !== 'cockroach') throw new Error('DATABASE must be postgres or cockroach.');
  return name;
};

const hasTwoGateways = (count = '1'): boolean => {
  if (count !== '1' && count !== '2') throw new Error('GATEWAYS must be 1 or 2.');
  return count === '2';
};

const up = async (database: StackDatabase, hasProxy: boolean): Promise<void> => {
  refuseUnknownSettings(process.env);
  const compose = openCompose({ project, folder, database, hasProxy });
  const port = hasProxy ? readPort(process.env, 'PROXY_PORT', 4380) : readPort(process.env, 'GATEWAY_PORT', 4300);
  const gateway = `http://127.0.0.1:${port}`;
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

const roll = async (database: StackDatabase): Promise<void> => {
  refuseUnknownSettings(process.env);
  ensureStackSecrets(folder);
  const compose = openCompose({ project, folder, database, hasProxy: true });
  await compose.run(['build', '--quiet']);
  terminal.step('images are built');
  await rollStack({ containers: containersOf(compose, project), onNote: terminal.step });
};

const backUp = (database: StackDatabase): Promise<void> =>
  backUpStack(containersOf(openCompose({ project, folder, database }), project), folder, process.argv.slice(3));

const run = async (command: string): Promise<void> => {
  const database = databaseFrom(process.env['DATABASE'] || undefined);
  if (command === 'up') return up(database, hasTwoGateways(process.env['GATEWAYS'] || undefined));
  if (command === 'roll') return roll(database);
  if (command === 'backup') return backUp(database);
  if (command === 'secrets') return ensureStackSecrets(folder);
  if (command === 'pin') return terminal.table(Object.entries(pinImages()));
  const compose = openCompose({ project, folder, database, hasProxy: true });
  return command === 'down' ? compose.run(['down', '--remove-orphans']) : compose.run(['logs', '--follow', '--tail', '20']);
};

try {
  await run(process.argv[2] ?? '');
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exitCode = 1;
}
