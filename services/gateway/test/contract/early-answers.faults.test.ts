import { bodyBytesMaxOf, type PublicContract } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { routeTable } from '../../src/route-table.ts';
import { ask, startTestGateway, stoppedClock, type TestGateway } from '../support/gateway.ts';
import { sendRaw, statusesOf } from '../support/raw-request.ts';
import { sendJson } from '../support/stand-in.ts';
import { examplePathOf, startStandInTeam, workspaceId, type StandInTeam } from '../support/team.ts';

const permissions = ['audit:read', 'community:create', 'installation:manage'];

let team: StandInTeam;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  team = await startStandInTeam();
  gateway = await startTestGateway({ ...team.env, REQUESTS_PER_MINUTE_MAX: '100000', SIGN_INS_PER_MINUTE_MAX: '100000' });
  team.roles.set('ada', 'owner');
  token = await team.issuer.sign({ userId: 'ada', permissions });
  await waitFor(async () => (await ask(`${gateway.url}/v1/auth/me`, { token })).status === 200);
  await waitFor(async () => ((await ask(`${gateway.url}/v1/installation`)).body as { state: string }).state === 'ready');
});
beforeEach(() => void (team.passed.length = 0));
afterAll(async () => {
  await gateway.stop();
  await team.stop();
});

const headOf = (method: string, path: string, headers: readonly string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');

const next = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** The header of the first answer in a raw text. */
const firstHead = (raw: string): string => raw.slice(0, raw.indexOf('\r\n\r\n')).toLowerCase();

/**
 * True if a connection was not left deaf: the request behind the refused one was answered, or the refusal said that the connection
 * closes.
 */
const isNotDeaf = (raw: string): boolean => statusesOf(raw).length === 2 || firstHead(raw).includes('\r\nconnection: close');

const writing = routeTable
  .map(({ contract, access, service }) => ({ contract, access, service }))
  .filter(({ contract, access }) => contract.method !== 'GET' && !['solo', 'solo-and-authenticated'].includes(access.kind));
const forwarded = routeTable.filter(({ service, contract }) => service !== 'gateway' && contract.method !== 'GET');
/** The forwarded routes that the token of these tests opens. */
const allowed = forwarded.filter(({ access }) => access.kind !== 'permission' || permissions.includes(access.permission));
const named = <R extends { readonly contract: PublicContract }>(routes: readonly R[]) =>
  routes.map((route) => [route.contract.name, route] as const);

/** The traits of a contract, without its names and schemas: a trait that is added makes kinds of its own. */
const traitsOf = ({ mediaBodies = {}, media, method, ...contract }: PublicContract): readonly unknown[] => [
  method,
  media,
  Object.keys(mediaBodies),
  Object.entries(contract).filter(([, trait]) => ['boolean', 'number'].includes(typeof trait)),
];

/** A route for each way in which a body is taken: whole bodies cost more than all else here. By its announced length each is refused below. */
const oneOfEachKind = (routes: readonly (typeof writing)[number][]) => [
  ...new Map(
    routes.map((route) => [JSON.stringify([route.service, route.access.kind, traitsOf(route.contract)]), route] as const),
  ).values(),
];

const bearer = (): string => `Authorization: Bearer ${token}`;

describe('an answer while the body still comes', () => {
  test.each(named(oneOfEachKind(allowed)))(
    '%s refuses a body over its limit with 413, however it comes',
    async (_name, { contract }) => {
      const bytes = bodyBytesMaxOf(contract) + 1;
      const [path, body] = [examplePathOf(contract), 'x'.repeat(bytes)];
      const chunked = `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      for (const request of [
        `${headOf(contract.method, path, [bearer(), `Content-Length: ${bytes}`])}${body}`,
        `${headOf(contract.method, path, [bearer(), 'Transfer-Encoding: chunked'])}${chunked}`,
      ]) {
        const raw = await sendRaw(gateway.url, request + next);
        expect([statusesOf(raw)[0], isNotDeaf(raw)]).toEqual([413, true]);
      }
    },
  );

  test.each(named(allowed))(
    '%s is refused by its announced length alone, and the connection closes',
    async (_name, { contract }) => {
      const head = headOf(contract.method, examplePathOf(contract), [
        bearer(),
        `Content-Length: ${bodyBytesMaxOf(contract) + 1}`,
      ]);
      const raw = await sendRaw(gateway.url, `${head}{`, (text) => text.includes('requestId'));
      expect([statusesOf(raw), isNotDeaf(raw), team.passed]).toEqual([[413], true, []]);
    },
  );

  test.each(named(oneOfEachKind(writing)))(
    '%s refuses a stranger whose body is on its way, and the connection is not deaf',
    async (_name, { contract }) => {
      const head = headOf(contract.method, examplePathOf(contract), ['Authorization: Bearer none', 'Content-Length: 1048576']);
      const raw = await sendRaw(gateway.url, `${head}${'x'.repeat(1_048_576)}${next}`);
      expect([400, 401, 413]).toContain(statusesOf(raw)[0]);
      expect(isNotDeaf(raw)).toBe(true);
    },
  );

  test.each([
    ['404', 'POST', '/v1/nothing', 404],
    ['405', 'PUT', '/v1/communities', 405],
    ['415', 'POST', '/v1/workspaces', 415],
    ['403', 'PUT', '/v1/users/grace/roles/owner', 403],
  ])('%s is read to its end, whatever follows', async (_name, method, path, status) => {
    const head = headOf(method, path, [bearer(), 'Content-Length: 1048576']).replace('application/json', 'text/x-none');
    const raw = await sendRaw(gateway.url, `${head}${'x'.repeat(1_048_576)}${next}`);
    expect([statusesOf(raw)[0], isNotDeaf(raw)]).toEqual([status, true]);
  });

  test('a limit that is spent refuses with 429 a body that is on its way, and the connection is not deaf', async () => {
    const spent = await startTestGateway({ ...team.env, REQUESTS_PER_MINUTE_MAX: '1' }, stoppedClock);
    onTestFinished(() => spent.stop());
    await waitFor(async () => (await ask(`${spent.url}/v1/auth/me`, { token })).status === 429);
    const head = headOf('POST', '/v1/communities', [bearer(), 'Content-Length: 1048576']);
    const raw = await sendRaw(spent.url, `${head}${'x'.repeat(1_048_576)}${next}`);
    expect([statusesOf(raw)[0], isNotDeaf(raw)]).toEqual([429, true]);
  });

  test('a service that answers while an upload is streamed to it: its answer arrives, and the connection is not deaf', async () => {
    team.instead = (_request, response) => sendJson(response, 409, { requestId: 'early' });
    onTestFinished(() => void (team.instead = undefined));
    const bytes = 200_000;
    const head = headOf('POST', `/v1/workspaces/${workspaceId}/scripts`, [bearer(), `Content-Length: ${bytes}`]);
    const whole = await sendRaw(gateway.url, `${head}${'x'.repeat(bytes)}${next}`);
    expect([statusesOf(whole)[0], isNotDeaf(whole)]).toEqual([409, true]);
  });

  test('a client that stops sending is let go', async () => {
    const head = headOf('POST', '/v1/nothing', ['Content-Length: 1000']);
    const raw = await sendRaw(gateway.url, `${head}{`);
    expect([statusesOf(raw), firstHead(raw).includes('connection: close')]).toEqual([[404], true]);
  });

  test('a body that came whole with its request keeps the connection', async () => {
    const raw = await sendRaw(gateway.url, `${headOf('POST', '/v1/nothing', ['Content-Length: 2'])}{}${next}`);
    expect(statusesOf(raw)).toEqual([404, 200]);
  });
});

test.each(['GET', 'HEAD'])('a %s with a body is refused', async (method) => {
  for (const headers of [['Content-Length: 2'], ['Transfer-Encoding: chunked']]) {
    const body = headers[0] === 'Content-Length: 2' ? '{}' : '2\r\n{}\r\n0\r\n\r\n';
    const raw = await sendRaw(gateway.url, `${headOf(method, '/v1/communities', [bearer(), ...headers])}${body}${next}`);
    expect(statusesOf(raw)).toEqual([400, 200]);
  }
  expect(team.passed).toEqual([]);
});
