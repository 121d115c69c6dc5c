import { startOtlpReceiver, type OtlpReceiver } from '@guildhall/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { startIdentityProvider, type TestIdentityProvider } from '../../services/auth/test/contract/identity-provider.ts';
import { useTestStack } from '../support/use-test-stack.ts';
import { signUp } from '../support/users.ts';
import { testCanaries } from './scenarios/canaries.ts';
import { testData } from './scenarios/data.ts';
import { testFuzz } from './scenarios/fuzz.ts';
import { outsideIssuerSettings, testOutsideTokens } from './scenarios/outside-tokens.ts';
import { testRebuildAppUsers } from './scenarios/rebuild-app-users.ts';
import { testRotateKeys } from './scenarios/rotate-keys.ts';
import { tracingSettings } from './scenarios/traces.ts';

/** Scenarios of one stack that go through every route or table, or run a command beside it: they take longer than the tests of every save have time for. */
let collector: OtlpReceiver;
let provider: TestIdentityProvider;
beforeAll(async () => {
  collector = await startOtlpReceiver();
  provider = await startIdentityProvider({ redirectUri: 'http://outside.test/back', audience: 'guildhall' });
});
afterAll(() => Promise.all([collector.close(), provider.close()]));
const stackOf = useTestStack(() => ({
  ...outsideIssuerSettings(provider),
  ...tracingSettings(collector),
  LOG_LEVEL: 'trace',
  REQUESTS_PER_MINUTE_MAX: '1000000',
}));
beforeAll(async () => {
  const { http, stack } = stackOf();
  await signUp(http, stack.mailFolder, 'Olive', stack.setupToken ?? undefined);
});

describe('secrets', () => {
  testCanaries(stackOf, () => collector.bodies);
});
describe('the data browser', () => {
  testData(stackOf);
});
describe('tokens of an outside issuer', () => {
  testOutsideTokens(stackOf, () => provider);
});
describe('the copies of users', () => {
  testRebuildAppUsers(stackOf);
});
describe('the OpenAPI document', () => {
  testFuzz(stackOf);
});
describe('the signing keys', () => {
  testRotateKeys(stackOf);
});
