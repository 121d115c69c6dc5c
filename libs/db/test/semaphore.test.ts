import { expect, test } from 'vitest';
import { createSemaphore } from '../src/semaphore.ts';
import { blockAfter } from './blocked.ts';

test('a call whose place is given back while the process is busy is not refused for having waited', async () => {
  const semaphore = createSemaphore({ permits: () => 1, presentMax: 2, waitMsMax: 20, onWaiting: () => undefined });
  let settled: Promise<readonly string[]> | undefined;
  await blockAfter(() => {
    const first = semaphore.through(() => new Promise<string>((resolve) => void setImmediate(() => resolve('first'))));
    settled = Promise.all([first, semaphore.through(async () => 'second')]);
  }, 60);
  expect(await settled).toEqual(['first', 'second']);
});
