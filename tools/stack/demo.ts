import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpClient } from '../demo/http-client.ts';
import { runJourney } from '../demo/journey.ts';
import { JourneyFailed } from '../demo/steps.ts';
import { createTerminal } from '../demo/terminal.ts';
import { scratchFolder } from '../dev/folders.ts';
import { choosePort } from '../dev/ports.ts';
import { sentenceOf } from '../dev/shown.ts';
import { openCompose } from './compose.ts';
import { setupTokenIn, startContainers } from './start-stack.ts';

/** `make stack-demo`: the tour of `make demo` on containers of its own, which go at the end with their volumes. */
const terminal = createTerminal(process.stdout);

mkdirSync(scratchFolder, { recursive: true });
const folder = mkdtempSync(join(scratchFolder, 'stack-demo-'));
const { port } = await choosePort('gateway', 0);
const gateway = `http://127.0.0.1:${port}`;

const demonstrate = async (): Promise<void> => {
  const env = { GATEWAY_PORT: String(port), PUBLIC_URL: gateway, SMTP_URL: '' };
  const compose = openCompose({ project: 'guildhall-demo', folder, database: 'postgres', env });
  try {
    const waitedMs = await startContainers({ compose, folder, gateway, onNote: (line) => terminal.say(`   ${line}`) });
    terminal.say(`   ready ${(waitedMs / 1_000).toFixed(1)} s after the containers were started`);
    const setupToken = setupTokenIn(folder);
    if (setupToken === null) throw new JourneyFailed('Containers on new volumes have an owner already.');
    const http = createHttpClient(gateway, terminal.exchange);
    await runJourney({ http, terminal, mailFolder: join(folder, 'mails'), setupToken });
  } finally {
    await compose.run(['down', '--volumes', '--remove-orphans'], true);
  }
};

try {
  await demonstrate();
  terminal.say('\nEvery step was as it should be.');
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
