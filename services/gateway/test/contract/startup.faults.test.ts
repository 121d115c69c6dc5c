import { expect, onTestFinished, test } from 'vitest';
import { ask, openTestGateway } from '../support/gateway.ts';
import { startStandInTeam } from '../support/team.ts';

test('while team-resources is silent at the start, this machine’s user with a token gets their list without its part, while others still wait', async () => {
  const team = await startStandInTeam();
  const answered = Promise.withResolvers<void>();
  team.silence = (service) => (service === 'team-resources' ? answered.promise : undefined);
  const gateway = await openTestGateway(team.env);
  onTestFinished(async () => {
    answered.resolve();
    await gateway.stop();
    await team.stop();
  });
  const token = await team.issuer.sign({ userId: 'ada' });
  let isOtherAnswered = false;
  const other = ask(`${gateway.url}/v1/communities`, { token }).finally(() => (isOtherAnswered = true));
  const { body } = await ask(`${gateway.url}/v1/workspaces`, { token });
  expect([body, isOtherAnswered]).toMatchObject([{ items: [], shared: { status: 'unavailable' } }, false]);
  answered.resolve();
  expect((await other).status).toBe(200);
});
