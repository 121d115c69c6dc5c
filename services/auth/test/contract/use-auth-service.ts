import { sql } from '@guildhall/db';
import { showLog } from '@guildhall/testkit';
import { test } from 'vitest';
import { startFixture, type Fixture } from './fixture.ts';
import { withSecondFactors, type SecondFactorFixture } from './second-factor-fixture.ts';

/** One service for all files of a worker that need no settings of their own. A database with its first connections and plans costs more than most files ask of it. */
const ofWorker = test.extend('auth', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const started = withSecondFactors(await startFixture());
  onCleanup(started.close);
  return started;
});

/** Closing the shared service is for the worker alone. */
type Shared<T extends Fixture> = Omit<T, 'close' | 'stop'>;

/**
 * A service that other files have used and will: a test keeps to accounts of its own, and asks for no list of all that there is. Its clock may be
 * weeks ahead of the system's. No log-in has failed before the first test of a file. Throws an Error when it is used outside of a test.
 */
export const useAuthService = (): Shared<SecondFactorFixture> => {
  let started: SecondFactorFixture | undefined;
  ofWorker.beforeAll(async ({ auth }) => {
    started = auth;
    showLog('auth', auth.lines);
    // Those of the files before were counted against the same address of a client.
    await auth.tables.connection.query(sql.unsafe`DELETE FROM auth.login_delays`);
  });
  return new Proxy({} as SecondFactorFixture, {
    get: (_none, name) => {
      if (started === undefined) throw new Error('The service runs while tests do, not while they are defined.');
      return Reflect.get(started, name) as unknown;
    },
  });
};
