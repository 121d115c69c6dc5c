import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './folders.ts';
import { choosePort } from './ports.ts';
import { findRunning, forgetRunning, recordRunning } from './running.ts';
import { createServiceProcess } from './service-process.ts';
import { createTerminal } from './terminal.ts';
import { untilStopped } from './until-stopped.ts';

/** `make solo`: the gateway alone, on its SQLite file. */
const terminal = createTerminal(process.stdout);

const run = async (): Promise<void> => {
  const running = findRunning(dataFolder);
  if (running !== null) {
    terminal.line(`Guildhall is up already, in ${running.mode} mode: ${running.gateway} (make down stops it).`);
    return;
  }
  const stopped = untilStopped();
  const { port, note } = await choosePort('gateway', Number(process.env['GATEWAY_PORT'] ?? 4300));
  if (note !== null) terminal.step(note);
  const url = `http://127.0.0.1:${port}`;
  const dataFile = join(dataFolder, 'solo', 'guildhall.sqlite');
  const logFolder = join(dataFolder, 'logs');
  for (const folder of [logFolder, join(dataFolder, 'solo'), join(dataFolder, 'keys')])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  const gateway = createServiceProcess({
    name: 'gateway',
    entry: join(import.meta.dirname, '..', '..', 'services', 'gateway', 'src', 'main.ts'),
    url,
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_FILE: dataFile,
      LOCAL_TOKEN_FILE: join(dataFolder, 'keys', 'local-token'),
      NODE_COMPILE_CACHE: join(dataFolder, 'compile-cache'),
    },
    logFile: join(logFolder, 'gateway.log'),
    onNote: terminal.step,
  });
  await gateway.start();
  recordRunning(dataFolder, { mode: 'solo', gateway: url });
  terminal.step('ready');
  terminal.line('\nGuildhall is up, in solo mode: no account, no server, works offline.');
  terminal.table([
    ['gateway', url],
    ['API page', `${url}/docs`],
    ['data', dataFile],
    ['try', `curl -s ${url}/v1/workspaces -H 'content-type: application/json' -d '{"name":"Mine"}'`],
  ]);
  terminal.line(`\n${await stopped}: stopping ...`);
  await gateway.stop();
  forgetRunning(dataFolder);
};

try {
  await run();
  process.exit(0);
} catch (error) {
  terminal.failed(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
