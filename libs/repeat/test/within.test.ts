import { once } from 'node:events';
import { startServerThread } from '@guildhall/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { within, withTimeLimit } from '../src/index.ts';

const unreachable = (): void => expect.unreachable('the time-out of work that has settled');

test('what has not settled in time is told once, and may settle all the same', async () => {
  const work = Promise.withResolvers<string>();
  const told: string[] = [];
  const onTimeout = (): void => {
    told.push('late');
    work.resolve('done');
  };
  expect(await within(1, work.promise, onTimeout)).toBe('done');
  expect(told).toEqual(['late']);
});

test('what has settled is not late, whether it succeeded or failed', async () => {
  expect(await within(1, Promise.resolve('done'), unreachable)).toBe('done');
  await expect(within(1, Promise.reject(new Error('broken')), unreachable)).rejects.toThrow('broken');
  await new Promise((resolve) => void setTimeout(() => setImmediate(() => setImmediate(resolve)), 5));
});

test('the signal of what is late is aborted, with an error that says for how long it was waited', async () => {
  const late = withTimeLimit(5, async (signal) => {
    await once(signal, 'abort');
    throw signal.reason;
  });
  await expect(late).rejects.toMatchObject({ name: 'TimeoutError', message: 'There was no answer within 5 ms.' });
});

test('an answer that arrived while this process was busy is not late', async () => {
  const server = await startServerThread({ isThere: true });
  onTestFinished(server.stop);
  const answer = fetch(server.url).then((response) => response.json());
  await server.arrived();
  // The time starts when the process begins to be busy: how long the request took to arrive is not measured.
  let isLate = false;
  const limited = within(50, answer, () => (isLate = true));
  server.answerWhileBlocked(100);
  expect([await limited, isLate]).toEqual([{ isThere: true }, false]);
});
