import { communityRoleMay } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routeTable, type PublicRoute } from '../../src/route-table.ts';
import { ask, codeOf, fromOutside, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { communityId, startStandInTeam, workspaceId, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;

/** Who calls: what they send, and what the route table's rules make of them. */
const callers = [
  'nobody',
  'a forger',
  'a late one',
  'a signed-out one',
  'a stranger',
  'a viewer',
  'a member',
  'an owner',
] as const;
type CallerKind = (typeof callers)[number];
const tokens = new Map<CallerKind, string>();
const withoutGoodToken: ReadonlySet<CallerKind> = new Set(['nobody', 'a forger', 'a late one', 'a signed-out one']);
const communityRoleOf = { 'a viewer': 'viewer', 'a member': 'member', 'an owner': 'owner' } as const;
const powers = ['role:read', 'role:assign', 'audit:read', 'installation:manage', 'community:create'];
/** Who manages the installation is let in, without a body, where the environment names the database. */
const letIn: Readonly<Record<string, number>> = { GET: 200, POST: 400, DELETE: 409 };

const expectedStatus = ({ access, contract }: PublicRoute, caller: CallerKind): number => {
  if (access.kind === 'public') return 200;
  if (access.kind === 'solo') return 403;
  if (withoutGoodToken.has(caller)) return 401;
  if (access.kind === 'installer') return caller === 'an owner' ? (letIn[contract.method] ?? 0) : 403;
  if (access.kind === 'permission') return caller === 'an owner' ? 200 : 403;
  if (access.kind !== 'community' && access.kind !== 'workspace') return 200;
  if (caller !== 'a viewer' && caller !== 'a member' && caller !== 'an owner') return 404;
  return communityRoleMay(communityRoleOf[caller], access.permission) ? 200 : 403;
};

const filled = (template: string): string =>
  template
    .replace(':communityId', communityId)
    .replace(':workspaceId', workspaceId)
    .replaceAll(/:\w+/g, '33333333-3333-4333-8333-333333333333');

beforeAll(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway(team.env);
  const signedOut = '44444444-4444-4444-8444-444444444444';
  team.revoked.push(signedOut);
  for (const role of ['viewer', 'member', 'owner'] as const) team.roles.set(role, role);
  const [head, payload] = (await team.issuer.sign({ userId: 'owner', permissions: powers })).split('.');
  tokens.set('a forger', `${head}.${payload}.${'A'.repeat(86)}`);
  tokens.set('a late one', await team.issuer.sign({ userId: 'owner', permissions: powers, expiresInSeconds: -60 }));
  tokens.set('a signed-out one', await team.issuer.sign({ userId: 'owner', permissions: powers, sessionId: signedOut }));
  tokens.set('a stranger', await team.issuer.sign({ userId: 'stranger' }));
  tokens.set('a viewer', await team.issuer.sign({ userId: 'viewer' }));
  tokens.set('a member', await team.issuer.sign({ userId: 'member' }));
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

const call = (route: PublicRoute, caller: CallerKind) =>
  ask(`${gateway.url}${filled(route.contract.path)}`, {
    method: route.contract.method,
    token: tokens.get(caller),
    headers: fromOutside,
  });

describe.each(callers)('%s', (caller) => {
  test.each(routeTable.map((route) => [`${route.contract.method} ${route.contract.path}`, route] as const))(
    'calling %s gets what its rule says',
    async (_name, route) => {
      const answer = await call(route, caller);
      const expected = expectedStatus(route, caller);
      const codes: Record<number, string> = {
        400: 'INVALID',
        401: 'UNAUTHENTICATED',
        403: 'FORBIDDEN',
        404: 'NOT_FOUND',
        409: 'CONFLICT',
      };
      expect([answer.status, codeOf(answer)]).toEqual([expected, codes[expected]]);
      const isPassedOn = expected === 200 && (route.service !== 'gateway' || route.requiresSharedDb !== null);
      expect(team.passed.map(({ service, method }) => [service, method])).toEqual(
        isPassedOn ? [[route.service === 'gateway' ? 'team-resources' : route.service, route.contract.method]] : [],
      );
    },
  );
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

test('the matrix covers every status of every rule', () => {
  const statuses = routeTable.flatMap((route) =>
    callers.map((caller) => `${route.access.kind} ${expectedStatus(route, caller)}`),
  );
  expect([...new Set(statuses)].toSorted()).toEqual([
    'authenticated 200',
    'authenticated 401',
    'community 200',
    'community 401',
    'community 403',
    'community 404',
    'installer 200',
    'installer 400',
    'installer 401',
    'installer 403',
    'installer 409',
    'permission 200',
    'permission 401',
    'permission 403',
    'public 200',
    'solo 403',
    'solo-or-authenticated 200',
    'solo-or-authenticated 401',
    'workspace 200',
    'workspace 401',
    'workspace 403',
    'workspace 404',
  ]);
});

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
  const strict = await startTestGateway({ ...team.env, SIGN_INS_PER_MINUTE_MAX: '3' });
  await waitFor(async () => (await ask(`${strict.url}/v1/.well-known/jwks.json`)).status === 200);
  const logIn = (token?: string) => ask(`${strict.url}/v1/auth/login`, { method: 'POST', body: {}, token });
  const answers = [await logIn(), await logIn('x'), await logIn(tokens.get('an owner')), await logIn()];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect([answers[3]?.headers.get('retry-after'), answers[3] && codeOf(answers[3])]).toEqual(['20', 'RATE_LIMITED']);
  await strict.stop();
});
