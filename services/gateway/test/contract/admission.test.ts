import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ask, codeOf, fromOutside, startTestGateway, stoppedClock, type TestGateway } from '../support/gateway.ts';
import { communityId, startStandInTeam, workspaceId, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;

/** Which route refuses whom is in `refusals.test.ts`; here is what else comes with being admitted and refused. */
type CallerKind = 'a stranger' | 'a viewer' | 'an owner';
const tokens = new Map<CallerKind, string>();
const powers = ['role:read', 'role:assign', 'audit:read', 'installation:manage', 'community:create'];

beforeAll(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway(team.env);
  for (const role of ['viewer', 'member', 'owner'] as const) team.roles.set(role, role);
  tokens.set('a stranger', await team.issuer.sign({ userId: 'stranger' }));
  tokens.set('a viewer', await team.issuer.sign({ userId: 'viewer' }));
  tokens.set('an owner', await team.issuer.sign({ userId: 'owner', permissions: powers }));
  await waitFor(async () => (await ask(`${gateway.url}/v1/auth/me`, { token: tokens.get('an owner') })).status === 200);
});
afterAll(async () => {
  await gateway.stop();
  await team.stop();
});
beforeEach(() => {
  team.passed.length = 0;
});

test.each(['communities', 'workspaces'])(
  'what is not there and what is not for them answer a stranger alike: %s',
  async (noun) => {
    const known = { communities: communityId, workspaces: workspaceId }[noun] ?? '';
    const answers = await Promise.all(
      [known, '33333333-3333-4333-8333-333333333333'].map((id) =>
        ask(`${gateway.url}/v1/${noun}/${id}`, {
          token: tokens.get('a stranger'),
          headers: { ...fromOutside, 'x-request-id': 'r-same' },
        }),
      ),
    );
    const [there, nowhere] = answers.map(({ status, body }) => [status, body]);
    expect(there).toEqual(nowhere);
  },
);

test('a service is told who is calling, with the one permission that the gateway found in the community', async () => {
  const sessionId = '55555555-5555-4555-8555-555555555555';
  const token = await team.issuer.sign({ userId: 'member', sessionId, permissions: ['community:create'] });
  const headers = { 'user-agent': 'curl/8', 'x-request-id': 'r-77' };
  await ask(`${gateway.url}/v1/communities/${communityId}/members`, { token, headers });
  expect(team.passed.map(({ principal, headers: seen }) => [principal, seen['x-request-id'], seen.authorization])).toEqual([
    [
      {
        userId: 'member',
        sessionId,
        displayName: 'Ada',
        email: 'ada@example.org',
        permissions: ['community:create', `member:read@${communityId}`],
        ip: '127.0.0.1',
        userAgent: 'curl/8',
      },
      'r-77',
      undefined,
    ],
  ]);
});

test('refusals for want of a permission reach audit; strangers and the signed-out leave none', async () => {
  team.denials.length = 0;
  const headers = { 'x-request-id': 'r-refused' };
  const at = `${gateway.url}/v1/communities/${communityId}`;
  await ask(at, { method: 'DELETE', token: tokens.get('a stranger') });
  await ask(at, { method: 'DELETE' });
  // Equal refusals of one minute are folded: only the first is told with its own id, so it is someone's first.
  team.roles.set('another viewer', 'viewer');
  await ask(at, { method: 'DELETE', token: await team.issuer.sign({ userId: 'another viewer' }), headers });
  const mine = await waitFor(() => {
    return team.denials.find((denial) => (denial as { requestId: string }).requestId === 'r-refused');
  });
  expect(mine).toMatchObject({
    actor: { type: 'user', id: 'another viewer', ip: '127.0.0.1' },
    action: 'community.delete',
    resource: { type: 'community', id: communityId },
    communityId,
    result: 'denied',
    service: 'gateway',
  });
  const told = team.denials as { action: string; actor: { id: string } }[];
  expect(told.filter(({ action }) => action === 'community.delete').map(({ actor }) => actor.id)).not.toContain('stranger');
});

test('guesses at secrets are limited by address, whatever token or body they bring', async () => {
  const strict = await startTestGateway({ ...team.env, SIGN_INS_PER_MINUTE_MAX: '3' }, stoppedClock);
  await waitFor(async () => (await ask(`${strict.url}/v1/.well-known/jwks.json`)).status === 200);
  const logIn = (token?: string) => ask(`${strict.url}/v1/auth/login`, { method: 'POST', body: {}, token });
  const answers = [await logIn(), await logIn('x'), await logIn(tokens.get('an owner')), await logIn()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect([answers[3]?.headers.get('retry-after'), answers[3] && codeOf(answers[3])]).toEqual(['20', 'RATE_LIMITED']);
  await strict.stop();
});
