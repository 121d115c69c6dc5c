import { globalRolePermissions } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routeTable, type PublicRoute } from '../../src/route-table.ts';
import { absoluteForms, badCredentials, framings, heads, spellings } from '../support/attacks.ts';
import { ask, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw, statusesOf } from '../support/raw-request.ts';
import { isKind } from '../support/refusal-rules.ts';
import { examplePathOf, startStandInTeam, type StandInTeam } from '../support/team.ts';

/**
 * The attack table: routes of the gateway against tokens, targets, heads and framing, as bytes on a socket. Every route gets every bad token, and a
 * share of the other attacks in turn, which are refused before anybody asks for the route; the first route of each access rule gets all.
 */
let team: StandInTeam;
let gateway: TestGateway;
let owner: string;

beforeAll(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway({
    ...team.env,
    REQUESTS_PER_MINUTE_MAX: '1000000',
    SIGN_INS_PER_MINUTE_MAX: '1000000',
    SOLO_TRUST_LOOPBACK: 'false',
  });
  team.roles.set('owner', 'owner');
  owner = await team.issuer.sign({ userId: 'owner', permissions: globalRolePermissions.owner });
  await waitFor(async () => ((await ask(`${gateway.url}/v1/installation`)).body as { state: string }).state === 'ready');
  await waitFor(async () => (await ask(`${gateway.url}/v1/communities`, { token: owner })).status === 200);
});
beforeEach(() => void (team.passed.length = 0));
afterAll(async () => {
  await gateway.stop();
  await team.stop();
});

/** A request that is whole, and after which the connection ends. */
const requestOf = (method: string, target: string, lines: readonly string[]): string =>
  [`${method} ${target} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n');

const atOnce = 6;
/** Attacks every route, some at a time, and returns what was not as expected. */
const attack = async (routes: readonly PublicRoute[], attackOne: (route: PublicRoute) => Promise<readonly string[]>) => {
  const found: string[] = [];
  const waiting = [...routes];
  const worker = async (): Promise<void> => {
    for (let route = waiting.pop(); route !== undefined; route = waiting.pop()) {
      for (const fault of await attackOne(route)) found.push(`${route.contract.method} ${route.contract.path}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
};

const firstOfRules = new Set(
  [...Map.groupBy(routeTable, ({ access, contract }) => `${access.kind} ${contract.method}`).values()].map(([first]) => first),
);
/** The routes that are tried with one of several attacks. */
const shareOf = (routes: readonly PublicRoute[], number: number, attacks: number): readonly PublicRoute[] =>
  routes.filter((route, at) => firstOfRules.has(route) || at % attacks === number);
/** Attacks with their numbers, as rows of a table of tests. */
const numbered = <T>(attacks: readonly (readonly [string, T])[]) =>
  attacks.map(([name, each], at) => [name, each, at, attacks.length] as const);

const needToken = routeTable.filter(
  (route) => !isKind('public', 'solo', 'solo-and-authenticated', 'metrics')(route) && route.contract.name !== 'createWorkspace',
);
/** The routes that need a token, by who answers them. */
const needTokenBy = [...Map.groupBy(needToken, ({ service }) => service)];
const writing = routeTable.filter(({ contract }) => contract.method !== 'GET');
/** Paths that reached a service, without their query. */
const reached = (): readonly string[] => [...new Set(team.passed.map(({ url }) => url.split('?')[0] ?? url))];
const isRefusal = (status: number | undefined): boolean => status !== undefined && status >= 400 && status < 500;

test('every route has its rows in the table', () => {
  expect(routeTable.length).toBeGreaterThan(150);
  expect(needToken.length).toBeGreaterThan(130);
});

describe('credentials', () => {
  let credentials: Awaited<ReturnType<typeof badCredentials>>;
  beforeAll(async () => {
    credentials = await badCredentials(team);
    await waitFor(async () => {
      const last = credentials.find(([name]) => name === 'a token of a session that has ended')?.[1] ?? '';
      return (await ask(`${gateway.url}/v1/auth/me`, { headers: { authorization: last } })).status === 401;
    });
  });

  test.each(needTokenBy)(
    'that name nobody open no route of %s, and each refusal says how to sign in',
    async (_service, routes) => {
      const faults = await attack(routes, async ({ contract }) => {
        const requests = credentials.map(([, value], at) =>
          [
            `${contract.method} ${examplePathOf(contract)} HTTP/1.1`,
            'Host: localhost',
            ...(value === undefined ? [] : [`Authorization: ${value}`]),
            ...(at === credentials.length - 1 ? ['Connection: close'] : []),
            '',
            '',
          ].join('\r\n'),
        );
        const raw = await sendRaw(gateway.url, requests.join(''));
        const statuses = statusesOf(raw);
        const told = raw.match(/www-authenticate: Bearer/gi)?.length ?? 0;
        return [
          ...credentials.flatMap(([name], at) => (statuses[at] === 401 ? [] : [`${name}: ${statuses[at] ?? 'nothing'}`])),
          ...(told === credentials.length ? [] : [`${told} refusals say how to sign in`]),
        ];
      });
      expect(faults).toEqual([]);
      expect(team.passed).toEqual([]);
    },
  );

  test('of another tenant find nothing in a community or a workspace', async () => {
    const mallory = await team.issuer.sign({ userId: 'mallory', permissions: globalRolePermissions.member });
    const routes = routeTable.filter(isKind('community', 'workspace'));
    const faults = await attack(routes, async ({ contract }) => {
      const request = requestOf(contract.method, examplePathOf(contract), [
        'Host: localhost',
        `Authorization: Bearer ${mallory}`,
      ]);
      const statuses = statusesOf(await sendRaw(gateway.url, request));
      return statuses.length === 1 && statuses[0] === 404 ? [] : [String(statuses)];
    });
    expect(faults).toEqual([]);
    expect(team.passed).toEqual([]);
  });
});

const statusesAt = async (method: string, target: string): Promise<readonly number[]> => {
  const request = requestOf(method, target, ['Host: localhost', `Authorization: Bearer ${owner}`]);
  return statusesOf(await sendRaw(gateway.url, request));
};

describe('a target', () => {
  test.each(numbered(spellings))('with %s is refused, and reaches no service', async (_name, spell, at, of) => {
    const faults = await attack(shareOf(routeTable, at, of), async ({ contract }) => {
      const statuses = await statusesAt(contract.method, spell(examplePathOf(contract)));
      return statuses.length === 1 && isRefusal(statuses[0]) ? [] : [String(statuses)];
    });
    expect(faults).toEqual([]);
    expect(reached()).toEqual([]);
  });

  test.each(numbered(absoluteForms))('in %s is the same route as its path', async (_name, spell, at, of) => {
    const faults = await attack(shareOf(routeTable, at, of), async ({ contract }) => {
      const path = examplePathOf(contract);
      const [plain, absolute] = [await statusesAt(contract.method, path), await statusesAt(contract.method, spell(path))];
      return plain.length === 1 && String(plain) === String(absolute) ? [] : [`${String(absolute)}, not ${String(plain)}`];
    });
    expect(faults).toEqual([]);
    expect(reached().filter((path) => !path.startsWith('/v1/'))).toEqual([]);
  });

  test.each(numbered(heads))('with %s is refused', async (_name, lines, at, of) => {
    const faults = await attack(shareOf(routeTable, at, of), async ({ contract }) => {
      const head = `${contract.method} ${examplePathOf(contract)} HTTP/1.1\r\n${lines}Authorization: Bearer ${owner}\r\nConnection: close\r\n\r\n`;
      const statuses = statusesOf(await sendRaw(gateway.url, head));
      return statuses.length === 1 && statuses[0] === 400 ? [] : [String(statuses)];
    });
    expect(faults).toEqual([]);
    expect(reached()).toEqual([]);
  });
});

test.each(['gzip', 'br', 'identity, gzip', 'x-unknown'])(
  'a body in the coding %s is refused, and reaches no service',
  async (coding) => {
    const faults = await attack(writing, async ({ contract }) => {
      const raw = await sendRaw(
        gateway.url,
        requestOf(contract.method, examplePathOf(contract), [
          'Host: localhost',
          `Authorization: Bearer ${owner}`,
          `Content-Encoding: ${coding}`,
          'Content-Length: 0',
        ]),
      );
      return String(statusesOf(raw)) === '415' && /^accept-encoding: identity\r$/im.test(raw) ? [] : [String(statusesOf(raw))];
    });
    expect(faults).toEqual([]);
    expect(reached()).toEqual([]);
  },
);

describe('framing', () => {
  test.each(numbered(framings))('%s is refused as a whole: nobody sees a second request', async (_name, rest, at, of) => {
    const faults = await attack(shareOf(writing, at, of), async ({ contract }) => {
      const head = `${contract.method} ${examplePathOf(contract)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${owner}\r\nContent-Type: application/json\r\n`;
      const statuses = statusesOf(await sendRaw(gateway.url, head + rest));
      return statuses.length === 1 && isRefusal(statuses[0]) ? [] : [String(statuses)];
    });
    expect(faults).toEqual([]);
    expect(reached().filter((path) => path.startsWith('/internal'))).toEqual([]);
  });
});
