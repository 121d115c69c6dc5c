import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { readLocalToken } from '../support/test-stack.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { testAccounts } from './journeys/accounts.ts';
import { testAdmin } from './journeys/admin.ts';
import { testAudit } from './journeys/audit.ts';
import { testCommunity } from './journeys/community.ts';
import { testControlM } from './journeys/control-m.ts';
import { testOperator } from './journeys/operator.ts';
import { testOutage } from './journeys/outage.ts';
import { testPasskey } from './journeys/passkey.ts';
import { testShare } from './journeys/share.ts';
import { testSolo } from './journeys/solo.ts';
import { testTeam } from './journeys/team.ts';
import { testTour } from './journeys/tour.ts';
import { testWizard } from './journeys/wizard.ts';
import { launchChromium, type Profiles } from './support/browser.ts';
import type { Stage } from './support/stage.ts';

/** Journeys that share one stack and one browser, in this order: from solo by the wizard to a team. */
const stackOf = useTestStack(() => ({ REQUESTS_PER_MINUTE_MAX: '1000000' }), { isConnectedLater: true });
let browser: Browser;
const profiles: Profiles = new Map();
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const stageOf = (): Stage => {
  const stack = stackOf();
  return {
    ...stack,
    browser,
    profiles,
    url: stack.stack.urls.gateway,
    localToken: readLocalToken(join(stack.dataFolder, 'keys', 'local-token')),
  };
};

describe('alone', () => {
  testSolo(stageOf);
  testControlM(stageOf);
});
describe('the installation', () => {
  testWizard(stageOf);
});
describe('accounts', () => {
  testAccounts(stageOf);
});
describe('a community', () => {
  testTeam(stageOf);
  testShare(stageOf);
});
describe('the life of a community', () => {
  testCommunity(stageOf);
});
describe('the administration', () => {
  testAdmin(stageOf);
});
describe('a passkey', () => {
  testPasskey(stageOf);
});
describe('the audit trail', () => {
  testAudit(stageOf);
});
// Every screen once more takes two minutes, which CI does not have.
describe.runIf(process.env['TOUR'] !== undefined)('a tour', () => {
  testTour(stageOf);
});
describe('running it', () => {
  testOperator(stageOf);
});
// It stops the database for a while.
describe('an outage', () => {
  testOutage(stageOf);
});
