import { sql } from '@guildhall/db';
import { showLog } from '@guildhall/testkit';
import { untilReady } from '@guildhall/testkit/service';
import { sharedByWorker } from '@guildhall/testkit/shared-by-worker';
import { startFixture } from './fixture.ts';
import { withSecondFactors, type SecondFactorFixture } from './second-factor-fixture.ts';

const use = sharedByWorker({
  open: async () => withSecondFactors(await startFixture()),
  close: ({ close }) => close(),
  untilReady,
});

/**
 * A service that other files have used and will: a test keeps to accounts of its own, and asks for no list of all that there is. Its clock may be
 * weeks ahead of the system's. No log-in has failed before the first test of a file. Closing it is for the worker alone.
 */
export const useAuthService = (): Omit<SecondFactorFixture, 'close' | 'stop'> =>
  use(async ({ lines, tables }) => {
    showLog('auth', lines);
    // Those of the files before were counted against the same address of a client.
    await tables.connection.query(sql.unsafe`DELETE FROM auth.login_delays`);
  });
