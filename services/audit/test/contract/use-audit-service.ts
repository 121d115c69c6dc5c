import { showLog } from '@guildhall/testkit';
import { untilReady } from '@guildhall/testkit/service';
import { sharedByWorker } from '@guildhall/testkit/shared-by-worker';
import { startFixture, type Fixture } from './fixture.ts';

const use = sharedByWorker({ open: () => startFixture(), close: ({ close }) => close(), untilReady });

/**
 * A service whose log holds the events of the files before, and will hold those of others: a test looks at events of its own alone,
 * removes and alters none, and leaves the policy of retention as it is. Closing it is for the worker alone.
 */
export const useAuditService = (): Omit<Fixture, 'close' | 'stop'> => use(({ lines }) => showLog('audit', lines));
