import { showLog } from '@guildhall/testkit';
import { test } from 'vitest';
import { startFixture, type Fixture } from './fixture.ts';

/** One service for all files of a worker that need no settings and no log of their own. */
const ofWorker = test.extend('audit', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const started = await startFixture();
  onCleanup(started.close);
  return started;
});

/** Closing the shared service is for the worker alone. */
type Shared = Omit<Fixture, 'close' | 'stop'>;

/**
 * A service whose log holds the events of the files before, and will hold those of others: a test looks at events of its own alone,
 * removes and alters none, and leaves the policy of retention as it is. Throws an Error when it is used outside of a test.
 */
export const useAuditService = (): Shared => {
  let started: Fixture | undefined;
  ofWorker.beforeAll(({ audit }) => {
    started = audit;
    showLog('audit', audit.lines);
  });
  return new Proxy({} as Fixture, {
    get: (_none, name) => {
      if (started === undefined) throw new Error('The service runs while tests do, not while they are defined.');
      return Reflect.get(started, name) as unknown;
    },
  });
};
