import { afterAll, beforeAll } from 'vitest';
import { startLimitMs } from './start-limit.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './test-stack.ts';

/**
 * A stack for the tests of a file, started before them and closed after them, also when it had not started yet: nothing of it
 * is left running. `env` is read just before the start. Returns a function that returns the stack.
 */
export const useTestStack = (
  env: () => Readonly<Record<string, string>> = () => ({}),
  options: Omit<TestStackOptions, 'signal'> = {},
): (() => TestStack) => {
  const over = new AbortController();
  let starting: Promise<TestStack> | undefined;
  let started: TestStack | undefined;
  beforeAll(async () => {
    starting = startTestStack(env(), { ...options, signal: over.signal });
    started = await starting;
  }, startLimitMs);
  afterAll(async () => {
    over.abort(new Error('The tests are over.'));
    await starting?.then(
      (stack) => stack.close(),
      () => undefined,
    );
  });
  return () => {
    if (started === undefined) throw new Error('The stack is started before the tests, not before that.');
    return started;
  };
};
