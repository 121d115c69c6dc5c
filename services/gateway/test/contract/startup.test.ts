import { serviceNames, type ServiceName } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, codeOf, openTestGateway, type Answered, type Asked, type TestGateway } from '../support/gateway.ts';
import { communityId, startStandInTeam, type StandInTeam } from '../support/team.ts';

/** The start of a gateway while a service accepts connections and answers nothing. */
let team: StandInTeam;
let gateway: TestGateway;
let token: string;
let answered: PromiseWithResolvers<void>;

const at = (path: string): string => `${gateway.url}${path}`;
const routeOf: Readonly<Record<ServiceName, string>> = {
  auth: '/v1/auth/me',
  'team-resources': '/v1/communities',
  audit: '/v1/audit/status',
};

/** A service is silent for as long as a test wants it to be, also on a busy machine. */
const patient = { firstAnswerTimeoutMs: 60_000 };

/** Starts a gateway whose requests to a service, or those by which it learns of one thing, are answered when `answered` resolves. */
const start = async (silent: ServiceName, path?: string): Promise<void> => {
  team.silence = (service, asked) =>
    service === silent && (path === undefined || asked === path) ? answered.promise : undefined;
  gateway = await openTestGateway(team.env, patient);
};

/** A request under way, and whether it was answered. */
const send = (path: string, more: Asked = { token }) => {
  const request = { isAnswered: false, answer: ask(at(path), more) };
  void request.answer.then(() => (request.isAnswered = true));
  return request;
};

beforeEach(async () => {
  team = await startStandInTeam();
  team.roles.set('ada', 'owner');
  token = await team.issuer.sign({ userId: 'ada', permissions: ['audit:read', 'installation:manage'] });
  answered = Promise.withResolvers();
});
afterEach(async () => {
  answered.resolve();
  await gateway.stop();
  await team.stop();
});

const soloAnswers = async (): Promise<void> => {
  const made = await ask(at('/v1/workspaces'), { method: 'POST', body: { name: 'Mine' } });
  expect(made.status).toBe(201);
  const { id } = made.body as { readonly id: string };
  const paths = [`/v1/workspaces/${id}`, `/v1/workspaces/${id}/scripts`, '/v1/workspaces', '/v1/workspaces?mode=solo'];
  const answers = await Promise.all(
    [...paths, '/v1/installation', '/v1/version', '/healthz', '/openapi.json'].map((path) => ask(at(path))),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect((await ask(at('/v1/workspaces?mode=solo'), { token })).status).toBe(200);
};

describe.each(serviceNames)('while %s is silent at the start', (silent) => {
  test('solo work and what needs another service are answered; what needs it is held, and answered when it has come', async () => {
    await start(silent);
    const held = send(routeOf[silent]);
    await soloAnswers();
    expect((await ask(at('/readyz'))).body).toMatchObject({
      isReady: false,
      reason: expect.stringContaining(silent) as string,
      sharedDatabase: { status: 'connecting' },
    });
    // Who is calling is asked of auth.
    const others = silent === 'auth' ? [] : serviceNames.filter((service) => service !== silent);
    for (const other of others) expect((await ask(at(routeOf[other]), { token })).status).toBe(200);
    expect(held.isAnswered).toBe(false);
    answered.resolve();
    expect((await held.answer).body).toEqual({ answeredBy: silent });
    await waitFor(async () => (await ask(at('/readyz'))).status === 200, { what: 'the gateway to be ready' });
    expect((await ask(at('/readyz'))).body).toEqual({
      isReady: true,
      sharedDatabase: { status: 'ready', source: 'environment' },
    });
  });
});

test('until it is known which sessions have ended no token is taken, nor refused', async () => {
  await start('auth', '/internal/revoked-sessions');
  const held = [...Object.values(routeOf), '/v1/auth/methods'].map((path) => send(path));
  await soloAnswers();
  expect(held.map(({ isAnswered }) => isAnswered)).toEqual([false, false, false, false]);
  answered.resolve();
  const answers = await Promise.all(held.map(({ answer }) => answer));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test('memberships are asked of team-resources: what audit tells of a community waits for both', async () => {
  await start('team-resources');
  const held = send(`/v1/communities/${communityId}/audit/events`);
  expect((await ask(at(routeOf.audit), { token })).status).toBe(200);
  expect(held.isAnswered).toBe(false);
  answered.resolve();
  expect((await held.answer).body).toEqual({ answeredBy: 'audit' });
});

test('whoever manages the installation waits: the environment of a service that has not answered may name the database', async () => {
  team.silence = (_service, path) => (path === '/readyz' ? answered.promise : undefined);
  gateway = await openTestGateway(team.env, patient);
  const held = send('/v1/installation', { method: 'DELETE', token });
  expect((await ask(at('/v1/installation'))).body).toMatchObject({ state: 'connecting', source: null });
  expect(held.isAnswered).toBe(false);
  answered.resolve();
  expect(codeOf(await held.answer)).toBe('CONFIGURED_BY_ENVIRONMENT');
});

test('a gateway that is told to close while requests wait answers them, and ends', async () => {
  await start('team-resources');
  const held = send('/v1/communities');
  await ask(at('/healthz'));
  const closing = gateway.close();
  const refused: Answered = await held.answer;
  expect([refused.status, codeOf(refused)]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  answered.resolve();
  await closing;
});
