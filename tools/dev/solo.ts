import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { consoleAddress, offerConsole } from './console.ts';
import { rememberDataFolder } from './data-folders.ts';
import { compileCacheFolder, dataFolder } from './folders.ts';
import { rotateLog } from './log-file.ts';
import { portOrFail, readPort } from './ports.ts';
import { claimData, describeRunning, findRunning, type Claim } from './running.ts';
import { createServiceProcess } from './service-process.ts';
import { refuseUnknownSettings } from './settings.ts';
import { sentenceOf, shellWord, shownPath } from './shown.ts';
import { createTerminal } from './terminal.ts';
import { untilStopped, type Stopped } from './until-stopped.ts';

/** `make solo`: the gateway alone, on its SQLite file. */
const terminal = createTerminal(process.stdout);
const passedOn = ['PATH', 'LOG_LEVEL', 'CORS_ORIGINS', 'METRICS_TOKEN', 'SOLO_TRUST_LOOPBACK'];

const dataFile = join(dataFolder, 'solo', 'guildhall.sqlite');
const localTokenFile = join(dataFolder, 'keys', 'local-token');
const logFile = join(dataFolder, 'logs', 'gateway.log');

const describe = (url: string): void => {
  terminal.line('\nGuildhall is up, in solo mode: no account, no server, works offline.');
  terminal.table([
    ['console', consoleAddress(url, localTokenFile)],
    ['gateway', url],
    ['API page', `${url}/docs`],
    ['data', shownPath(dataFile)],
    ['log', `${shownPath(logFile)} (make logs follows it)`],
    ['your token', shownPath(localTokenFile)],
    [
      'try',
      `curl -s ${url}/v1/workspaces -H "x-guildhall-local-token: $(cat ${shellWord(shownPath(localTokenFile))})" -H 'content-type: application/json' -d '{"name":"Mine"}'`,
    ],
  ]);
  terminal.line('\nCtrl-C or make down stops it.');
};

const serve = async (claim: Claim, stopped: Stopped): Promise<void> => {
  const port = await portOrFail('gateway', 'GATEWAY_PORT', readPort(process.env, 'GATEWAY_PORT', 4300));
  const url = `http://127.0.0.1:${port}`;
  for (const name of ['logs', 'solo', 'keys']) mkdirSync(join(dataFolder, name), { recursive: true, mode: 0o700 });
  rotateLog(logFile);
  const gateway = createServiceProcess({
    name: 'gateway',
    entry: join(import.meta.dirname, '..', '..', 'services', 'gateway', 'src', 'main.ts'),
    url,
    env: {
      ...Object.fromEntries(passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_FILE: dataFile,
      LOCAL_TOKEN_FILE: localTokenFile,
      NODE_COMPILE_CACHE: compileCacheFolder,
    },
    logFile,
    onNote: terminal.step,
    onProcess: (pid) => claim.serviceStarted('gateway', pid, url),
  });
  try {
    await gateway.start();
    claim.update({ gateway: url });
    terminal.step('ready');
    describe(url);
    terminal.line(`\n${await stopped.name}: stopping ...`);
  } finally {
    await gateway.stop();
  }
  terminal.line('Stopped. Nothing is left running.');
};

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
  const claim = await claimData(dataFolder, 'solo', terminal.step);
  try {
    await serve(claim, stopped);
  } finally {
    claim.release();
  }
};

try {
  await run();
  process.exit(0);
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exit(1);
}
