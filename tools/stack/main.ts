import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../dev/folders.ts';
import { readPort } from '../dev/ports.ts';
import { refuseUnknownSettings } from '../dev/settings.ts';
import { sentenceOf, shownPath } from '../dev/shown.ts';
import { createTerminal } from '../dev/terminal.ts';
import { backUpStack } from './back-up.ts';
import { repositoryRoot } from '../source/repository.ts';
import { openCompose, type StackDatabase } from './compose.ts';
import { containersOf } from './containers.ts';
import { pinImages, prepareImages, pushImages } from './images.ts';
import { restoreStack } from './restore.ts';
import { rollStack } from './roll.ts';
import { ensureStackSecrets } from './secrets.ts';
import { setupTokenIn, startContainers } from './start-stack.ts';

/** `make stack-up`, `stack-roll`, `stack-backup`, `stack-restore`, `stack-down`, `stack-logs`, `stack-pin`, `stack-push`: the stack of docker-compose.yml, with its secrets in `.data/stack`. */
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
  terminal.step(await prepareImages(compose));
  await rollStack({ containers: containersOf(compose, project), onNote: terminal.step });
};

const backUp = (database: StackDatabase): Promise<void> =>
  backUpStack(containersOf(openCompose({ project, folder, database }), project), folder, process.argv.slice(3));

/** The services of docker-compose.yml that are the database. */
const databaseServices = {
  postgres: ['postgres'],
  cockroach: ['cockroach-1', 'cockroach-2', 'cockroach-3', 'cockroach-cluster'],
} as const;

const restore = async (database: StackDatabase): Promise<void> => {
  ensureStackSecrets(folder);
  const compose = openCompose({ project, folder, database });
  const parts = { compose, containers: containersOf(compose, project), folder, onNote: terminal.step };
  const lines = await restoreStack({ ...parts, databaseServices: databaseServices[database] }, process.argv[3] ?? '');
  for (const line of lines) terminal.line(line);
};

const push = async (database: StackDatabase): Promise<void> => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { readonly version: string };
  const [registry = '', tag = version] = process.argv.slice(3);
  printSettings(await pushImages(openCompose({ project, folder, database }), registry, tag));
};

const printSettings = (settings: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(settings)) terminal.line(`${name}=${value}`);
};

const run = async (command: string): Promise<void> => {
  const database = databaseFrom(process.env['DATABASE'] || undefined);
  if (command === 'up') return up(database, hasTwoGateways(process.env['GATEWAYS'] || undefined));
  if (command === 'roll') return roll(database);
  if (command === 'backup') return backUp(database);
  if (command === 'secrets') return ensureStackSecrets(folder);
  if (command === 'restore') return restore(database);
  if (command === 'push') return push(database);
  if (command === 'pin') return printSettings(pinImages(database));
  const compose = openCompose({ project, folder, database, hasProxy: true });
  return command === 'down' ? compose.run(['down', '--remove-orphans']) : compose.run(['logs', '--follow', '--tail', '20']);
};

try {
  await run(process.argv[2] ?? '');
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exitCode = 1;
}
