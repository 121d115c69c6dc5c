import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ask, codeOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { problem } from '../support/internal-client.ts';
import { sendJson } from '../support/stand-in.ts';
import { startStandInTeam, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;
let token: string;

const communities = () => ask(`${gateway.url}/v1/communities`, { token });

beforeEach(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway(team.env);
  token = await team.issuer.sign({ userId: 'ada' });
  await waitFor(async () => (await communities()).status === 200);
  gateway.lines.length = 0;
});
afterEach(async () => {
  await gateway.stop();
  await team.stop();
});

test.each([
  ['SHARED_DB_UNAVAILABLE', 'unavailable'],
  ['NOT_CONFIGURED', 'not_configured'],
])('a service that refuses with %s opens the circuit: the very next request goes nowhere', async (code, status) => {
  let asked = 0;
  team.instead = (_request, response) => {
    asked += 1;
    // The look that follows finds the same.
    team.states['team-resources'] = status;
    sendJson(response, 503, problem(503, code), { 'x-guildhall-code': code });
  };
  const first = await communities();
  expect([first.status, codeOf(first), first.headers.get('x-guildhall-code')]).toEqual([503, code, null]);
  const following = await Promise.all([communities(), communities(), communities()]);
  expect([following.map(codeOf), asked]).toEqual([[code, code, code], 1]);
  team.instead = undefined;
  team.states['team-resources'] = 'ready';
  await waitFor(async () => (await communities()).status === 200);
  const changes = gateway.lines.filter(({ msg, of }) => msg === 'availability changed' && of === 'team-resources');
  expect(changes.map(({ from, to }) => [from, to])).toEqual([
    ['ready', status],
    [status, 'ready'],
  ]);
});

test('a service that has too much to do is asked again', async () => {
  let asked = 0;
  team.instead = (_request, response) => {
    asked += 1;
    sendJson(response, 503, problem(503, 'SERVICE_UNAVAILABLE'), { 'x-guildhall-code': 'SERVICE_UNAVAILABLE' });
  };
  expect(codeOf(await communities())).toBe('SERVICE_UNAVAILABLE');
  expect(codeOf(await communities())).toBe('SERVICE_UNAVAILABLE');
  expect(asked).toBe(2);
});

test('a circuit that one query opened closes with the look that this brings about, not with the next one in a second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const still = await startTestGateway(team.env);
  onTestFinished(async () => {
    await still.stop();
    vi.useRealTimers();
  });
  const statusNow = async () => (await ask(`${still.url}/v1/communities`, { token })).status;
  await waitFor(async () => (await statusNow()) === 200);
  team.instead = (_request, response) =>
    sendJson(response, 503, problem(503, 'SHARED_DB_UNAVAILABLE'), { 'x-guildhall-code': 'SHARED_DB_UNAVAILABLE' });
  expect(await statusNow()).toBe(503);
  team.instead = undefined;
  await waitFor(async () => (await statusNow()) === 200, { what: 'the circuit to close while no interval ends' });
});

test('metrics and readiness tell the state of each service', async () => {
  team.states.audit = 'unavailable';
  await waitFor(async () => {
    const { body } = await ask(`${gateway.url}/readyz`);
    return (body as { sharedDatabase: { status: string } }).sharedDatabase.status === 'unavailable';
  });
  expect(await ask(`${gateway.url}/readyz`)).toMatchObject({
    status: 200,
    body: { isReady: true, sharedDatabase: { status: 'unavailable', source: 'environment' } },
  });
  const metrics = String((await ask(`${gateway.url}/metrics`)).body);
  const states = [...metrics.matchAll(/^guildhall_shared_database_state\{service="(.+?)",state="(.+?)"\} 1$/gm)];
  expect(states.map(([, service, state]) => `${service} ${state}`)).toEqual([
    'auth ready',
    'team-resources ready',
    'audit unavailable',
  ]);
});
