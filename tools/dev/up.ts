import { join } from 'node:path';
import { consoleAddress, offerConsole } from './console.ts';
import { rememberDataFolder } from './data-folders.ts';
import { dataFolder } from './folders.ts';
import { readPort } from './ports.ts';
import { describeRunning, findRunning } from './running.ts';
import { startStack, type Stack } from './stack.ts';
import { sentenceOf, shownPath } from './shown.ts';
import { refuseUnknownSettings } from './settings.ts';
import { createTerminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

/** `make up`: the whole stack in the foreground until Ctrl-C or `make down`. */
const terminal = createTerminal(process.stdout);
const given = (name: string): string | undefined => (process.env[name] === '' ? undefined : process.env[name]);
const portFrom = (name: string, fallback: number): number => readPort(process.env, name, fallback);

/** `make up SHARED=later`: to try what a team does that connects its database. */
const isConnectedLater = given('SHARED') === 'later';

const start = (signal: AbortSignal): Promise<Stack> =>
  startStack({
    dataFolder,
    ports: {
      gateway: portFrom('GATEWAY_PORT', 4300),
      auth: portFrom('AUTH_PORT', 4301),
      'team-resources': portFrom('TEAM_RESOURCES_PORT', 4302),
      audit: portFrom('AUDIT_PORT', 4303),
      postgres: portFrom('POSTGRES_PORT', 4310),
    },
    databaseUrl: given('DATABASE_URL'),
    isConnectedLater,
    queueUrl: given('QUEUE_URL'),
    onNote: terminal.step,
    signal,
  });

const describe = ({ urls, setupToken, mailFolder, logFolder, database }: Stack): void => {
  terminal.line(
    isConnectedLater ? '\nGuildhall is up. Its shared database is not connected yet.' : '\nGuildhall is up, in team mode.',
  );
  terminal.table([
    ['console', consoleAddress(urls.gateway.replace('127.0.0.1', 'localhost'), join(dataFolder, 'keys', 'local-token'))],
    ['gateway', urls.gateway],
    ['API page', `${urls.gateway}/docs`],
    ['services', `auth ${urls.auth}, team-resources ${urls.teamResources}, audit ${urls.audit}`],
    ['logs', `${shownPath(logFolder)}/ (make logs follows them)`],
    ['solo work', `wants x-guildhall-local-token: the content of ${shownPath(join(dataFolder, 'keys', 'local-token'))}`],
    ['mails', process.env['SMTP_URL'] === undefined ? `${shownPath(mailFolder)}/` : 'sent by SMTP_URL'],
    ...(isConnectedLater ? howToConnect(setupToken, database.url()) : [howToSignIn(urls.gateway, setupToken)]),
  ]);
  terminal.line(
    `\n${isConnectedLater ? '' : 'make demo shows the main job, on a stack of its own. '}Ctrl-C or make down stops everything.`,
  );
};

const howToSignIn = (gateway: string, setupToken: string | null): [string, string] =>
  setupToken === null
    ? ['sign in', `POST ${gateway}/v1/auth/login with the account of an earlier run`]
    : ['setup token', `${setupToken} (the account that registers with it becomes the owner once its address is confirmed)`];

const howToConnect = (setupToken: string | null, databaseUrl: string): readonly [string, string][] =>
  setupToken === null
    ? [['database', 'connected by an earlier run: GET /v1/installation tells how it is']]
    : [
        ['setup token', `${setupToken} (once: header x-guildhall-setup-token of POST /v1/installation/configure)`],
        ['a database', databaseUrl],
      ];

const run = async (): Promise<void> => {
  const running = findRunning(dataFolder);
  if (running !== null) {
    terminal.line(describeRunning(running));
    return;
  }
  refuseUnknownSettings(process.env);
  rememberDataFolder(dataFolder);
  await offerConsole(terminal.step);
  const stopped = untilStopped();
  const stack = await start(stopped.signal).catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error;
    return null;
  });
  if (stack === null) {
    terminal.line('\nStopped while starting. Nothing is left running.');
    return;
  }
  describe(stack);
  terminal.line(`\n${await stopped.name}: stopping ...`);
  await stack.close();
  terminal.line('Stopped. Nothing is left running.');
};

try {
  await run();
  process.exit(0);
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exit(1);
}
