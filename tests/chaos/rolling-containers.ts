import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHttpClient, type HttpClient } from '../../tools/demo/http-client.ts';
import { scratchFolder } from '../../tools/dev/folders.ts';
import { choosePort } from '../../tools/dev/ports.ts';
import { sentenceOf } from '../../tools/dev/shown.ts';
import { createTerminal } from '../../tools/dev/terminal.ts';
import { openCompose } from '../../tools/stack/compose.ts';
import { containersOf } from '../../tools/stack/containers.ts';
import { rollStack } from '../../tools/stack/roll.ts';
import { setupTokenIn, startContainers } from '../../tools/stack/start-stack.ts';
import { createMixedLoad, type MixedLoad } from '../support/mixed-load.ts';
import { foundTeam, type Team } from '../support/team.ts';
import { signUp } from '../support/users.ts';
import { writeViolations } from './outage-writes.ts';

/** `make stack-roll-check`: every container of a stack of its own is replaced under load. Ends with 1 if a request fails, or a write is lost or made twice. */
const terminal = createTerminal(process.stdout);
const project = 'guildhall-roll';
const images = ['auth', 'team-resources', 'audit', 'gateway', 'mail-catcher'] as const;
const failuresShownMax = 30;

mkdirSync(scratchFolder, { recursive: true });
const folder = mkdtempSync(join(scratchFolder, 'stack-roll-'));
const [gatewayPort, proxyPort] = [(await choosePort('gateway', 0)).port, (await choosePort('proxy', 0)).port];
const url = `http://127.0.0.1:${proxyPort}`;

const sizeOf = async (image: string): Promise<string> => {
  const { stdout } = await promisify(execFile)('docker', [
    'image',
    'inspect',
    '--format',
    '{{.Size}}',
    `guildhall/${image}:local`,
  ]);
  return `${image} ${Math.round(Number(stdout) / 1_000_000)} MB`;
};

/** The log lines beside those of good answers: the reasons of failures. What a removed container said is gone with it. */
const reasonsIn = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.includes('"level":') && !/"status":[23]\d\d/.test(line))
    .join('\n');

/** Everything that did not hold. */
const faultsOf = async (load: MixedLoad, http: HttpClient, team: Team): Promise<readonly string[]> => {
  const { failures, acknowledged } = load;
  const { answered, stored, changes } = await load.versions();
  const signInAgain = async (): Promise<string> => {
    const { email, password } = team.founder;
    const { body } = await http.send('POST', '/v1/auth/login', { body: { email, password } });
    return String(body['accessToken']);
  };
  return [
    ...failures.slice(0, failuresShownMax),
    ...(stored === answered && stored === 1 + changes ? [] : [`${changes} changes were sent, and version ${stored} is stored`]),
    ...(await writeViolations({ http }, { team, acknowledged, signInAgain })),
  ];
};

const check = async (): Promise<readonly string[]> => {
  const env = {
    GATEWAY_PORT: String(gatewayPort),
    PROXY_PORT: String(proxyPort),
    PUBLIC_URL: url.replace('127.0.0.1', 'localhost'),
    SMTP_URL: '',
  };
  const compose = openCompose({ project, folder, database: 'postgres', hasProxy: true, env });
  try {
    const waitedMs = await startContainers({ compose, folder, gateway: url, onNote: terminal.step });
    terminal.step(`ready ${(waitedMs / 1_000).toFixed(1)} s after the containers were started`);
    terminal.step(`images: ${(await Promise.all(images.map(sizeOf))).join(', ')}`);
    const http = createHttpClient(url, () => undefined);
    const mails = join(folder, 'mails');
    await signUp(http, mails, 'Olive', setupTokenIn(folder) ?? undefined);
    const team = await foundTeam(http, mails, 'Ada');
    const load = await createMixedLoad({ url, http, team, pauseMs: 250, signInPauseMs: 4_000 });
    const say = (line: string): void => terminal.step(`${line} (${load.failures.length} requests failed so far)`);
    await load.during(() => rollStack({ containers: containersOf(compose, project), onNote: say }));
    const sent = [...load.counts.values()].reduce((sum, count) => sum + count, 0);
    terminal.step(
      `${load.failures.length} of ${sent} requests failed: ${[...load.counts].map((one) => one.join(' ')).join(', ')}`,
    );
    const faults = await faultsOf(load, http, team);
    await load.close();
    if (faults.length > 0) terminal.line(reasonsIn(compose.read(['logs', '--no-color'])));
    return faults;
  } finally {
    await compose.run(['down', '--volumes', '--remove-orphans'], true);
  }
};

try {
  const faults = await check();
  for (const fault of faults) terminal.failed(fault);
  if (faults.length === 0) terminal.line('Every request was answered, and each write was made once.');
  else process.exitCode = 1;
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
