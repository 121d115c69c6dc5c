import { startOtlpReceiver, type OtlpReceiver } from '@guildhall/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { useTestStack } from '../support/use-test-stack.ts';
import { signUp } from '../support/users.ts';
import { testCanaries } from './scenarios/canaries.ts';
import { testFuzz } from './scenarios/fuzz.ts';
import { testRebuildAppUsers } from './scenarios/rebuild-app-users.ts';
import { testRotateKeys } from './scenarios/rotate-keys.ts';
import { tracingSettings } from './scenarios/traces.ts';

/** Scenarios of one stack that go through every route, or run a command beside it: they take longer than the tests of every save have time for. */
let collector: OtlpReceiver;
beforeAll(async () => {
  collector = await startOtlpReceiver();
});
afterAll(() => collector.close());
const stackOf = useTestStack(() => ({ ...tracingSettings(collector), LOG_LEVEL: 'trace', REQUESTS_PER_MINUTE_MAX: '1000000' }));
beforeAll(async () => {
  const { http, stack } = stackOf();
  await signUp(http, stack.mailFolder, 'Olive', stack.setupToken ?? undefined);
});

describe('secrets', () => {
  testCanaries(stackOf, () => collector.bodies);
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
