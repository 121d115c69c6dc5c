import { test } from 'vitest';

export interface SharedParts<T extends object> {
  readonly open: () => Promise<T>;
  readonly close: (opened: T) => Promise<void>;
  /** Waits until it can be used: on a busy machine a health check takes a server for gone that is late, and takes that back. */
  readonly untilReady?: (opened: T) => Promise<unknown>;
}

/**
 * Shares something that is dear to open among the test files of a worker: it is opened for the first file that uses it, and closed when the worker ends. Returns a function
 * that a file calls while its tests are defined; `beforeTests` runs before the first of them, once it is ready. What it returns throws an Error when it is used outside of a test.
 */
export const sharedByWorker = <T extends object>({ open, close, untilReady }: SharedParts<T>) => {
  const ofWorker = test.extend('shared', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const opened = await open();
    onCleanup(() => close(opened));
    return opened;
  });
  return (beforeTests: (opened: T) => unknown = () => undefined): T => {
    let current: T | undefined;
    ofWorker.beforeAll(async ({ shared }) => {
      current = shared;
      await untilReady?.(shared);
      await beforeTests(shared);
    });
    return lazily(() => {
      if (current === undefined) throw new Error('It is there while tests run, not while they are defined.');
      return current;
    });
  };
};

/** An object that reads each property from `target` when it is used. */
export const lazily = <T extends object>(target: () => T): T =>
  new Proxy({} as T, { get: (_none, name) => Reflect.get(target(), name) as unknown });
