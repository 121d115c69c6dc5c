import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** A process that is told to stop and takes a moment for it, like the launcher. */
const program = `
  import { untilStopped } from ${JSON.stringify(join(import.meta.dirname, 'until-stopped.ts'))};
  const stopped = untilStopped();
  const living = setInterval(() => {}, 1000);
  process.on('message', () => process.exit(0));
  process.send('ready');
  process.send(await stopped.name);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.send('again'));
`;

const stopping = async (first: NodeJS.Signals) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  child.kill(first);
  expect(await once(child, 'message')).toEqual([first, undefined]);
  return child;
};

test.each([
  ['SIGTERM', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGHUP'],
] as const)('what is being stopped by %s is not cut by %s', async (first, second) => {
  const child = await stopping(first);
  const noticed = once(child, 'message');
  const exited = once(child, 'exit');
  child.kill(second);
  await Promise.race([noticed, exited]);
  if (child.connected) child.send('finish');
  expect(await exited).toEqual([0, null]);
});

test('a second Ctrl-C ends it at once', async () => {
  const child = await stopping('SIGINT');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([1, null]);
});
