import {
  communityRoles,
  globalRolePermissions,
  globalRoles,
  serviceNames,
  type GlobalPermission,
  type Installation,
  type ServiceName,
} from '@guildhall/contracts';
import { omitUndefined } from '@guildhall/resources';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeTable, type PublicRoute } from '../../src/route-table.ts';
import { boundaryRolesOf, communityRoleMayCall, globalRoleMayCall } from '../support/access-oracle.ts';
import { ask, startTestGateway, stoppedClock } from '../support/gateway.ts';
import { signBadTokens } from '../support/bad-tokens.ts';
import {
  callRoute,
  expectAdmitted,
  expectForbidden,
  expectRateLimited,
  expectRefusal,
  type Place,
  type RefusalName,
} from '../support/refusal.ts';
import { answersOfRule, isKind, limitedRoutes, permissionOf, sharedRoutes } from '../support/refusal-rules.ts';
import { communityId, startStandInTeam, workspaceId, type StandInTeam } from '../support/team.ts';

/** Every row is made from the route table: a route that is added is refused and admitted here by its rule, or this fails. */
const nameOf = ({ contract }: PublicRoute): string => contract.name;
const named = (routes: readonly PublicRoute[]) =>
  routes.map((route) => [`${route.contract.method} ${route.contract.path}`, route] as const);
const needsToken = routeTable.filter((route) => !isKind('public', 'solo', 'solo-and-authenticated', 'metrics')(route));
const globalRoutes = routeTable.filter(isKind('permission', 'installer', 'solo-or-permission'));
const communityRoutes = routeTable.filter(isKind('community', 'workspace'));

/**
 * The refusals that were seen: `name refusal`. The last test compares them with those that the access rule of each route
 * permits.
 */
const seen = new Set<string>();
const see = (route: PublicRoute, what: string): void => void seen.add(`${nameOf(route)} ${what}`);

/** A token is signed once for each user, and again before it could expire on a busy machine. */
const reusedMs = 60_000;
const signedTokens = new WeakMap<StandInTeam, Map<string, Promise<string>>>();
const tokenOf = (userId: string, permissions: readonly string[] = [], team = place.team, sessionId?: string): Promise<string> => {
  const key = JSON.stringify([userId, permissions, sessionId, Math.floor(performance.now() / reusedMs)]);
  const signed = signedTokens.get(team) ?? new Map<string, Promise<string>>();
  signedTokens.set(team, signed);
  const token = signed.get(key) ?? team.issuer.sign({ userId, permissions, ...omitUndefined({ sessionId }) });
  signed.set(key, token);
  return token;
};
/** May everything, everywhere: whatever refuses this one is not a permission. */
const almighty = (team?: StandInTeam) => tokenOf('owner', globalRolePermissions.owner, team);

const isReady = async ({ team, url }: Place): Promise<boolean> => {
  const token = await almighty(team);
  const paths = ['/v1/auth/me', '/v1/communities', '/v1/audit/status'];
  const answers = await Promise.all(paths.map((at) => ask(url + at, { token })));
  return answers.every(({ status }) => status === 200 || status === 429);
};

const opened: { stop(): Promise<unknown> }[] = [];
afterAll(async () => {
  await Promise.all(opened.map((one) => one.stop()));
});

/** A gateway before stand-ins that are in one state from its first look on. */
const open = async (prepare: (team: StandInTeam) => unknown, env: Record<string, string> = {}): Promise<Place> => {
  const team = await startStandInTeam();
  for (const role of communityRoles) team.roles.set(role, role);
  await prepare(team);
  const gateway = await startTestGateway({ ...team.env, ...env }, stoppedClock);
  opened.push({ stop: () => gateway.stop().then(team.stop) });
  return { team, url: gateway.url };
};

/** Waits until the gateway knows the state of each service: every route is asked once then, and not again and again meanwhile. */
const untilKnown = ({ url }: Place, statusOf: (service: ServiceName) => string): Promise<boolean> =>
  waitFor(
    async () => {
      const { services } = (await ask(`${url}/v1/installation`)).body as Installation;
      return services.every(({ service, status }) => status === statusOf(service));
    },
    { what: 'the gateway to know the state of its services' },
  );

let place: Place;
let badTokens: readonly string[];
beforeAll(async () => {
  place = await open(() => {});
  badTokens = await signBadTokens(place.team.issuer);
  await waitFor(() => isReady(place), { what: 'the gateway to know its services' });
});

const refusedWith = async (there: Place, route: PublicRoute, name: RefusalName, token: string | undefined): Promise<void> => {
  expectRefusal(await callRoute(there, route, token), name);
  see(route, name);
};

/** Without a token too: what is unavailable is said before anyone is asked who they are. */
const refusedToAll = async (there: Place, route: PublicRoute, name: RefusalName): Promise<void> => {
  await refusedWith(there, route, name, await almighty(there.team));
  if (route.service !== 'gateway') await refusedWith(there, route, name, undefined);
};

describe('who may call', () => {
  test.each(named(routeTable.filter(isKind('public'))))('%s takes anyone, whatever token comes along', async (_name, route) => {
    expect.hasAssertions();
    for (const token of [undefined, 'no.token.atall', await almighty()])
      expectAdmitted(await callRoute(place, route, token), route);
    see(route, 'admitted');
  });

  test.each(named(routeTable.filter(isKind('solo', 'solo-and-authenticated'))))(
    '%s is for this machine alone',
    async (_name, route) => {
      expect.hasAssertions();
      await refusedWith(place, route, 'NOT_LOCAL', undefined);
      await refusedWith(place, route, 'NOT_LOCAL', await almighty());
    },
  );

  test.each(named(needsToken))('%s wants a token that is good', async (_name, route) => {
    expect.hasAssertions();
    const sessionId = '44444444-4444-4444-8444-444444444444';
    const ended = await tokenOf('owner', globalRolePermissions.owner, place.team, sessionId);
    await refusedWith(place, route, isKind('installer')(route) ? 'NO_INSTALLER' : 'NO_TOKEN', undefined);
    // Each route is tried with one of the faults in turn, and one route of each rule with all of them (below).
    await refusedWith(place, route, 'BAD_TOKEN', badTokens[needsToken.indexOf(route) % badTokens.length]);
    if (!place.team.revoked.includes(sessionId)) {
      place.team.revoked.push(sessionId);
      await waitFor(async () => (await ask(`${place.url}/v1/auth/me`, { token: ended })).status === 401);
    }
    await refusedWith(place, route, 'ENDED_SESSION', ended);
  });

  const firstOfRules = [...Map.groupBy(needsToken, ({ access }) => access.kind).values()].flatMap(([first]) => first ?? []);
  test.each(named(firstOfRules))('%s refuses a token whatever is bad about it', async (_name, route) => {
    expect.hasAssertions();
    for (const bad of badTokens) await refusedWith(place, route, 'BAD_TOKEN', bad);
  });

  test.each(named(routeTable.filter(isKind('authenticated', 'solo-or-authenticated'))))(
    '%s takes whoever is signed in',
    async (_name, route) => {
      expect.hasAssertions();
      expectAdmitted(await callRoute(place, route, await tokenOf('stranger')), route);
      see(route, 'admitted');
    },
  );

  test.each(named(globalRoutes))('%s takes the global roles that hold its permission', async (_name, route) => {
    expect.hasAssertions();
    const permission = permissionOf(route);
    for (const role of [...globalRoles, null]) {
      const held: readonly GlobalPermission[] = role === null ? [] : globalRolePermissions[role];
      const called = await callRoute(place, route, await tokenOf(`global-${role}`, held));
      const may = globalRoleMayCall(role, route.contract);
      if (may) expectAdmitted(called, route);
      else expectForbidden(called, permission);
      see(route, may ? 'admitted' : 'FORBIDDEN');
    }
  });

  test.each(named(communityRoutes))('%s takes the community roles that hold its permission', async (_name, route) => {
    expect.hasAssertions();
    const permission = permissionOf(route);
    // What is held outside of the community opens nothing in it, and what is not held there closes nothing. All other roles and
    // permissions: core/admission/every-role.test.ts.
    for (const role of boundaryRolesOf(route.contract)) {
      const may = communityRoleMayCall(role, route.contract);
      for (const permissions of [[], [permission, ...globalRolePermissions.owner]]) {
        const called = await callRoute(place, route, await tokenOf(role, permissions));
        if (may) expectAdmitted(called, route);
        else expectForbidden(called, permission);
      }
      see(route, may ? 'admitted' : 'FORBIDDEN');
    }
  });

  test.each(named(communityRoutes))('%s shows a stranger nothing', async (_name, route) => {
    expect.hasAssertions();
    await refusedWith(place, route, 'NOT_FOUND', await tokenOf('stranger', globalRolePermissions.owner));
  });

  test('a member who was removed through this gateway finds nothing from then on, on any route', async () => {
    const token = await tokenOf('leaver');
    const paths = [`/v1/communities/${communityId}`, `/v1/workspaces/${workspaceId}`];
    const look = () => Promise.all(paths.map(async (at) => (await ask(place.url + at, { token })).status));
    place.team.roles.set('leaver', 'owner');
    expect(await look()).toEqual([200, 200]);
    place.team.roles.delete('leaver');
    expect(await look()).toEqual([200, 200]);
    const members = `${place.url}/v1/communities/${communityId}/members`;
    expect((await ask(`${members}/leaver`, { method: 'DELETE', token: await almighty() })).status).toBe(200);
    for (const route of communityRoutes) expectRefusal(await callRoute(place, route, token), 'NOT_FOUND');
  });
});

const everyService = (state: string) => (team: StandInTeam) => {
  for (const service of serviceNames) team.states[service] = state;
};
const stopped = (team: StandInTeam) => Promise.all(serviceNames.map((service) => team.services[service].stop()));
const noServices = { AUTH_URL: '', TEAM_RESOURCES_URL: '', AUDIT_URL: '' };

describe.each([
  ['there are no services', () => {}, noServices, 'not_configured', 'NOT_CONFIGURED'],
  ['every service has no database', everyService('not_configured'), {}, 'not_configured', 'NOT_CONFIGURED'],
  ['every service is still connecting', everyService('connecting'), {}, 'connecting', 'SHARED_DB_UNAVAILABLE'],
  ['every service has lost its database', everyService('unavailable'), {}, 'unavailable', 'SHARED_DB_UNAVAILABLE'],
  ['no service answers', stopped, {}, 'unreachable', 'SERVICE_UNAVAILABLE'],
] as const)('while %s', (_state, prepare, env, status, refusal) => {
  let there: Place;
  beforeAll(async () => {
    there = await open(prepare, env);
    await untilKnown(there, () => status);
  });

  test.each(named(sharedRoutes))('%s says so', async (_name, route) => {
    expect.hasAssertions();
    await refusedToAll(there, route, refusal);
  });
});

test.each(serviceNames)('while %s alone has lost its database its routes say so, and all others are answered', async (lost) => {
  expect.hasAssertions();
  const there = await open((team) => (team.states[lost] = 'unavailable'));
  await untilKnown(there, (service) => (service === lost ? 'unavailable' : 'ready'));
  const token = await almighty(there.team);
  const look = async (route: PublicRoute): Promise<void> => {
    const called = await callRoute(there, route, token);
    if (route.requiresSharedDb === lost) expectRefusal(called, 'SHARED_DB_UNAVAILABLE');
    else expectAdmitted(called, route);
  };
  // Which sessions ended may be known a moment later, and no caller is known before.
  const other = lost === 'audit' ? '/v1/auth/me' : '/v1/audit/status';
  await waitFor(async () => (await ask(there.url + other, { token })).status === 200);
  for (const route of sharedRoutes) await look(route);
});

/**
 * A route for each bucket that is spent: those of a limit share one, by user or, where nobody is signed in, by network. All routes
 * at once would keep this process, and the stand-ins in it, from answering the polls of the gateway in time.
 */
const oneOfEachBucket = [
  ...Map.groupBy(limitedRoutes, ({ rateLimit, access }) => `${rateLimit} ${access.kind === 'public'}`).values(),
].flatMap(([first]) => first ?? []);

describe('limits that are spent', () => {
  let there: Place;
  beforeAll(async () => {
    there = await open(() => {}, { REQUESTS_PER_MINUTE_MAX: '1', SIGN_INS_PER_MINUTE_MAX: '1' });
    await waitFor(() => isReady(there));
    const token = await almighty(there.team);
    for (const route of oneOfEachBucket)
      await waitFor(async () => (await callRoute(there, route, token)).answer.status === 429, { what: nameOf(route) });
  });

  test.each(named(limitedRoutes))('%s says when to come again, before it says what is not allowed', async (_name, route) => {
    expect.hasAssertions();
    expectRateLimited(await callRoute(there, route, await tokenOf('owner', [], there.team)));
    see(route, 'RATE_LIMITED');
  });
});

test('every route of the table gave every answer that its rule can give', () => {
  const possible = routeTable.flatMap((route) => answersOfRule(route).map((answer) => `${nameOf(route)} ${answer}`));
  expect([...seen].toSorted()).toEqual(possible.toSorted());
});
