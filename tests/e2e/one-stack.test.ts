import { startOtlpReceiver, type OtlpReceiver } from '@guildhall/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { startMailbox, type Mailbox } from '../../services/auth/test/contract/mailbox.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { testAuditReading } from './scenarios/audit-reading.ts';
import { testCookieSession } from './scenarios/cookie-session.ts';
import { testInviteMails } from './scenarios/invite-mails.ts';
import { testMetrics } from './scenarios/metrics.ts';
import { testJourney } from './scenarios/journey.ts';
import { testRoles } from './scenarios/roles.ts';
import { testSystem } from './scenarios/system.ts';
import { testTraces, tracingSettings } from './scenarios/traces.ts';

/** Scenarios that share one stack: its start costs more than all of them. They run in this order. */
let mailbox: Mailbox;
let collector: OtlpReceiver;
beforeAll(async () => {
  mailbox = await startMailbox();
  collector = await startOtlpReceiver();
});
afterAll(() => Promise.all([mailbox.close(), collector.close()]));
const stackOf = useTestStack(() => ({
  SMTP_URL: mailbox.url,
  ...tracingSettings(collector),
  LOG_LEVEL: 'trace',
  REQUESTS_PER_MINUTE_MAX: '1000000',
}));
beforeAll(() => mailbox.saveTo(stackOf().stack.mailFolder));

describe('the journey', () => {
  testJourney(stackOf);
});
describe('the roles of the database', () => {
  testRoles(stackOf);
});
describe('the system', () => {
  testSystem(stackOf);
});
describe('traces', () => {
  testTraces(stackOf, () => collector);
});
describe('alert rules and the dashboard', () => {
  testMetrics(stackOf);
});
describe('the mails of invites', () => {
  testInviteMails(stackOf, () => mailbox);
});
describe('a session in a cookie', () => {
  testCookieSession(stackOf);
});
// It stops the stack.
describe('the audit trail of a community', () => {
  testAuditReading(stackOf);
});
