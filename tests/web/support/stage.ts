import type { Browser } from 'playwright-core';
import type { Profiles } from './browser.ts';
import type { TestStack } from '../../support/test-stack.ts';

/** Everything that the journeys share: one stack, whose database is connected on the way, and one browser. */
export interface Stage extends TestStack {
  readonly browser: Browser;
  /** The browser profiles that journeys share. */
  readonly profiles: Profiles;
  /** The address of the gateway. */
  readonly url: string;
  readonly localToken: string;
}
