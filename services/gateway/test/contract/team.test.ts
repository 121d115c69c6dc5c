import { serviceNames, workspaceRoutes, type ServiceName, type Workspace } from '@guildhall/contracts';
import { bindCursor } from '@guildhall/http';
import { cursorOf } from '@guildhall/resources';
import { waitFor } from '@guildhall/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, codeOf, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw, statusesOf } from '../support/raw-request.ts';
import { sendJson } from '../support/stand-in.ts';
import { communityId, startStandInTeam, workspaceId, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway;
let token: string;

const open = async (): Promise<void> => {
  team = await startStandInTeam();
  gateway = await startTestGateway(team.env);
  token = await team.issuer.sign({ userId: 'ada', permissions: ['audit:read', 'community:create'] });
};
const close = async (): Promise<void> => {
  await gateway.stop();
  await team.stop();
};
/** The state in which a test begins. */
const settle = async (): Promise<void> => {
  team.roles.set('ada', 'owner');
  team.instead = undefined;
  await waitFor(async () => (await ask(at('/v1/auth/me'), { token })).status === 200);
  await waitFor(async () => ((await ask(at('/v1/installation'))).body as { state: string }).state === 'ready');
  team.passed.length = 0;
};
/** One gateway for all tests here, each of which leaves every service running. */
const useOneGateway = (): void => {
  beforeAll(open);
  beforeEach(settle);
  afterAll(close);
};
/** A gateway for each test. */
const useOwnGateway = (): void => {
  beforeEach(open);
  beforeEach(settle);
  afterEach(close);
};
const at = (pathname: string): string => `${gateway.url}${pathname}`;

const routeOf: Record<ServiceName, string> = {
  auth: '/v1/auth/me',
  'team-resources': '/v1/communities',
  audit: '/v1/audit/status',
};

const list = async () => (await ask(at('/v1/workspaces'), { token })).body;

describe('a running gateway', () => {
  useOneGateway();

  describe('availability', () => {
    test.each([
      ['not_configured', 'NOT_CONFIGURED', '60'],
      ['connecting', 'SHARED_DB_UNAVAILABLE', '2'],
      ['unavailable', 'SHARED_DB_UNAVAILABLE', '2'],
    ])(
      'a service whose database is %s answers %s, others go on, and it works again by itself',
      async (state, code, retryAfter) => {
        const codeNow = async () => codeOf(await ask(at(routeOf['team-resources']), { token }));
        team.states['team-resources'] = state;
        await waitFor(async () => (await codeNow()) === code);
        const refused = await ask(at(routeOf['team-resources']), { token });
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, retryAfter]);
        expect((await ask(at(routeOf.auth), { token })).status).toBe(200);
        expect((await ask(at(routeOf.audit), { token })).status).toBe(200);
        team.states['team-resources'] = 'ready';
        await waitFor(async () => (await codeNow()) === undefined);
      },
    );

    test.each(serviceNames)(
      '%s dies and comes back: its routes are SERVICE_UNAVAILABLE in between, solo work goes on',
      async (name) => {
        await team.services[name].stop();
        const refused = await ask(at(routeOf[name]), { token });
        expect([refused.status, codeOf(refused)]).toEqual([503, 'SERVICE_UNAVAILABLE']);
        const others = serviceNames.filter((other) => other !== name);
        for (const other of others) expect((await ask(at(routeOf[other]), { token })).status).toBe(200);
        expect((await ask(at('/v1/workspaces'), { method: 'POST', body: { name: 'Offline' } })).status).toBe(201);
        await team.services[name].restart();
        await waitFor(async () => (await ask(at(routeOf[name]), { token })).status === 200);
      },
    );

    test('the second page of the list of workspaces asks for the shared part behind the same position', async () => {
      for (const name of ['One', 'Two']) await ask(at('/v1/workspaces'), { method: 'POST', body: { name } });
      const first = (await ask(at('/v1/workspaces?limit=1'), { token })).body as { items: [Workspace]; nextCursor: string };
      expect((await ask(at(`/v1/workspaces?limit=1&cursor=${first.nextCursor}`), { token })).status).toBe(200);
      const shared = { params: {}, query: { mode: 'shared' } };
      const cursor = bindCursor(workspaceRoutes.listWorkspaces, shared, cursorOf(first.items[0]));
      expect(team.passed.at(-1)?.url).toBe(`/v1/workspaces?mode=shared&limit=1&cursor=${cursor}`);
      expect((await ask(at(`/v1/workspaces?limit=1&mode=solo&cursor=${first.nextCursor}`), { token })).status).toBe(400);
    });

    test('a session that is revoked is refused once auth was asked again, as it is each second, on every route', async () => {
      const sessionId = '66666666-6666-4666-8666-666666666666';
      const other = await team.issuer.sign({ userId: 'ada', sessionId });
      expect((await ask(at('/v1/auth/me'), { token: other })).status).toBe(200);
      team.revoked.push(sessionId);
      const before = team.revokedAsked;
      // The second question since then: the answer to the first has been read.
      await waitFor(() => team.revokedAsked >= before + 2);
      expect((await ask(at('/v1/auth/me'), { token: other })).status).toBe(401);
      expect((await ask(at('/v1/communities'), { token: other })).status).toBe(401);
      expect((await ask(at('/v1/communities'), { token })).status).toBe(200);
    });
  });

  describe('bodies', () => {
    test('one that is larger than any route takes is refused before the service hears of it', async () => {
      const raw = await sendRaw(
        gateway.url,
        `POST /v1/communities HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Length: 4194305\r\n\r\n`,
        (text) => text.includes('requestId'),
      );
      expect(statusesOf(raw)).toEqual([413]);
      expect(team.passed).toEqual([]);
    });

    test('a change of a community is seen at once: what was known of memberships is forgotten', async () => {
      const community = at(`/v1/communities/${communityId}`);
      expect((await ask(community, { token, method: 'DELETE' })).status).toBe(200);
      team.roles.set('ada', 'viewer');
      expect((await ask(community, { token, method: 'DELETE' })).status).toBe(403);
    });
  });

  test('a workspace goes to where it lies: a solo one here, any other to the team', async () => {
    const made = await ask(at('/v1/workspaces'), { method: 'POST', body: { name: 'Mine' } });
    const { id } = made.body as { id: string };
    expect((await ask(at(`/v1/workspaces/${id}`), { token })).body).toEqual(made.body);
    expect(team.passed).toEqual([]);
    expect((await ask(at(`/v1/workspaces/${workspaceId}`), { token })).body).toEqual({ answeredBy: 'team-resources' });
    const stranger = await ask(at(`/v1/workspaces/${id}`), { token, headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect([stranger.status, codeOf(stranger)]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('without a service', () => {
  useOwnGateway();

  test('a list of workspaces is answered without its shared part, and says so', async () => {
    expect(await list()).toEqual({ items: [], nextCursor: null, shared: { status: 'included' } });
    await team.services['team-resources'].stop();
    expect(await list()).toMatchObject({ items: [], nextCursor: null, shared: { status: 'unavailable' } });
    await team.services['team-resources'].restart();
    await waitFor(async () => ((await list()) as { shared: { status: string } }).shared.status === 'included');
  });
});

describe('closing', () => {
  useOwnGateway();

  test('lets a request in flight finish, answers it whole, and ends', async () => {
    const gate = Promise.withResolvers<void>();
    let isAsked = false;
    team.instead = async (_request, response) => {
      isAsked = true;
      await gate.promise;
      sendJson(response, 200, { finished: true });
    };
    const answer = ask(at('/v1/communities'), { token });
    await waitFor(() => isAsked);
    let isClosed = false;
    const closing = gateway.close().then(() => (isClosed = true));
    await waitFor(
      () =>
        fetch(at('/healthz')).then(
          () => false,
          () => true,
        ),
      { what: 'no new connections' },
    );
    expect(isClosed).toBe(false);
    gate.resolve();
    expect(await answer).toMatchObject({ status: 200, body: { finished: true } });
    await closing;
  });

  test('ends although a service never answers', async () => {
    await team.services['team-resources'].stop();
    await team.services.audit.stop();
    await gateway.close();
    await expect(fetch(at('/healthz'))).rejects.toThrow('fetch failed');
    await team.services['team-resources'].restart();
    await team.services.audit.restart();
  });
});
