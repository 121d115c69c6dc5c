import { knownDataFolders } from './data-folders.ts';
import { allowClosedOutput } from './quiet.ts';
import { findRunning, type RunningStack } from './running.ts';
import { sentenceOf, shownPath } from './shown.ts';
import { statusOf } from './stack-status.ts';
import { createTerminal } from './terminal.ts';

/**
 * `make status`: says what this clone runs, where, and how it is, on whichever data folder. Ends with 0 when all of it is well,
 * and with 1 when something is not or nothing runs.
 */
const terminal = createTerminal(process.stdout);

const describeStack = async (folder: string, running: RunningStack): Promise<boolean> => {
  const processes = await statusOf(folder, running, Date.now());
  const does = running.gateway === null ? 'is starting' : 'runs';
  terminal.line(`Guildhall ${does} in ${running.mode} mode on ${shownPath(folder)} (launcher: process ${running.pid}).`);
  if (processes.length > 0) terminal.table(processes.map(({ name, text }) => [name, text]));
  return running.gateway !== null && processes.every(({ isWell }) => isWell);
};

const describeAll = async (): Promise<boolean> => {
  let isWell = true;
  let count = 0;
  for (const folder of knownDataFolders()) {
    const running = findRunning(folder);
    if (running === null) continue;
    count += 1;
    isWell = (await describeStack(folder, running)) && isWell;
  }
  if (count === 0) terminal.line('Nothing runs here (make up, make solo).');
  return count > 0 && isWell;
};

allowClosedOutput();
try {
  process.exitCode = (await describeAll()) ? 0 : 1;
} catch (error) {
  terminal.failed(sentenceOf(error));
  process.exitCode = 1;
}
