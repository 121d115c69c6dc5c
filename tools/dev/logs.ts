import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { knownDataFolders } from './data-folders.ts';
import { createPrettyLog } from './pretty-log.ts';
import { exitWhenUnread } from './quiet.ts';
import { findRunning } from './running.ts';
import { shellWord, shownPath } from './shown.ts';

/**
 * `make logs`: follows the logs of what runs, or of what ran last where nothing does: in lines for people at a terminal,
 * as they are where they go on to a program.
 */
const linesBefore = 20;

const logsIn = (folder: string): readonly string[] => {
  const logs = join(folder, 'logs');
  const names = existsSync(logs) ? readdirSync(logs) : [];
  return names.filter((name) => name.endsWith('.log')).map((name) => join(logs, name));
};

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const follow = (files: readonly string[]): void => {
  const tail = spawn('tail', ['-q', '-n', String(linesBefore), '-F', ...files], { stdio: ['ignore', 'pipe', 'ignore'] });
  const { isTTY } = process.stdout;
  const shown = isTTY ? createPrettyLog({ hasColour: true }) : (line: string): string => line;
  createInterface({ input: tail.stdout }).on('line', (line) => process.stdout.write(shown(`${line}\n`)));
  exitWhenUnread();
  process.once('exit', () => tail.kill());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(0));
};

const withLogs = knownDataFolders().filter((folder) => logsIn(folder).length > 0);
const running = withLogs.filter((folder) => findRunning(folder) !== null);
const [chosen, ...others] = running.length > 0 ? running : withLogs;
if (chosen === undefined) {
  say('There are no logs: nothing was started here yet (make up).');
} else {
  say(`${running.length > 0 ? 'Following' : 'Nothing runs. The last'} logs in ${shownPath(join(chosen, 'logs'))}:`);
  if (running.length > 0) for (const other of others) say(`Another stack runs: DATA_FOLDER=${shellWord(other)} make logs`);
  follow(logsIn(chosen));
}
