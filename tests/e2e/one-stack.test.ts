import { describe } from 'vitest';
import { useTestStack } from '../support/use-test-stack.ts';
import { testAuditReading } from './scenarios/audit-reading.ts';
import { testCanaries } from './scenarios/canaries.ts';
import { testFuzz } from './scenarios/fuzz.ts';
import { testJourney } from './scenarios/journey.ts';
import { testRoles } from './scenarios/roles.ts';

/** Scenarios that share one stack: its start costs more than all of them. They run in this order. */
const stackOf = useTestStack({ LOG_LEVEL: 'trace', REQUESTS_PER_MINUTE_MAX: '1000000' });

describe('the journey', () => {
  testJourney(stackOf);
});
describe('the roles of the database', () => {
  testRoles(stackOf);
});
describe('secrets', () => {
  testCanaries(stackOf);
});
describe('the OpenAPI document', () => {
  testFuzz(stackOf);
});
describe('the audit trail of a community', () => {
  testAuditReading(stackOf);
});
