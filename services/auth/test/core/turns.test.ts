import { expect, test } from 'vitest';
import { createTurns } from '../../src/core/turns.ts';

test('work of one key runs one by one, in the order of its callers, and that of another key meanwhile', async () => {
  const inTurn = createTurns();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const work = async (name: string, until?: Promise<void>) => {
    done.push(`${name} begins`);
    await until;
    done.push(`${name} ends`);
  };
  const both = [inTurn('a', () => work('one', first.promise)), inTurn('a', () => work('two'))];
  await inTurn('b', () => work('other'));
  first.resolve();
  await Promise.all(both);
  expect(done).toEqual(['one begins', 'other begins', 'other ends', 'one ends', 'two begins', 'two ends']);
});

test('a failure is its own alone, and the next one has its turn', async () => {
  const inTurn = createTurns();
  const failing = inTurn('a', () => Promise.reject(new Error('no')));
  const next = inTurn('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test('beyond 200 callers of one key the next one is refused, until one is done', async () => {
  const inTurn = createTurns();
  const gate = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 200 }, () => inTurn('a', () => gate.promise));
  await expect(inTurn('a', async () => undefined)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
  gate.resolve();
  await Promise.all(waiting);
  expect(await inTurn('a', async () => 'in')).toBe('in');
});
