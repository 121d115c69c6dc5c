import { randomUUID } from 'node:crypto';
import { waitFor } from '@guildhall/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ask, codeOf, startTestGateway, stoppedClock, type Asked, type TestGateway } from '../support/gateway.ts';
import { sendJson } from '../support/stand-in.ts';
import { startStandInTeam, type StandInTeam } from '../support/team.ts';

let team: StandInTeam;
let gateway: TestGateway | undefined;
const startTeam = async (): Promise<void> => void (team = await startStandInTeam());
const stop = async (): Promise<void> => {
  await gateway?.stop();
  gateway = undefined;
  await team.stop();
};
/** A gateway for each test, which opens it. */
const useOwnGateway = (): void => {
  beforeEach(startTeam);
  afterEach(stop);
};

const urlOf = (): string => gateway?.url ?? '';

/** A gateway in front of services that are ready, behind a proxy on this machine unless said otherwise. */
const open = async (env: Record<string, string> = {}): Promise<void> => {
  gateway = await startTestGateway({ ...team.env, TRUSTED_PROXIES: '127.0.0.0/8', ...env }, stoppedClock);
  await waitFor(async () => ((await ask(`${urlOf()}/v1/installation`)).body as { state: string }).state === 'ready');
  const token = await team.issuer.sign({ userId: 'ada' });
  await waitFor(async () => (await ask(`${urlOf()}/v1/auth/me`, { token })).status === 200);
};
const from = (address: string, path: string, asked: Asked = {}) =>
  ask(urlOf() + path, { ...asked, headers: { ...asked.headers, 'x-forwarded-for': address } });
const post = (address: string, path: string, body: unknown = {}) => from(address, path, { method: 'POST', body });
const statuses = async (answers: Iterable<Promise<{ status: number }>>): Promise<number[]> =>
  (await Promise.all(answers)).map(({ status }) => status);
const inTurn = async (count: number, call: () => Promise<{ status: number }>): Promise<number[]> => {
  const found = [];
  for (let index = 0; index < count; index += 1) found.push((await call()).status);
  return found;
};

const guesses = ['/v1/auth/login', '/v1/auth/register', '/v1/auth/codes', '/v1/auth/codes/verify'];

describe('behind a trusted proxy', () => {
  useOwnGateway();

  test('/metrics is closed to this machine, from which the proxy comes too, and open to the bearer of its token', async () => {
    await open({ METRICS_TOKEN: 'of-the-scraper' });
    const asked = [
      ask(`${urlOf()}/metrics`),
      from('203.0.113.1', '/metrics'),
      ask(`${urlOf()}/metrics`, { token: 'of-the-scraper' }),
    ];
    expect(await statuses(asked)).toEqual([404, 404, 200]);
  });

  test('addresses of one IPv6 network are one caller, and IPv4 is the same however it is written', async () => {
    await open({ SIGN_INS_PER_MINUTE_MAX: '2', REQUESTS_PER_MINUTE_MAX: '2' });
    const tries = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:3::4', '2001:db8:1:3::1'];
    const mapped = ['203.0.113.1', '::ffff:203.0.113.1', '203.0.113.1:4711', '203.0.113.2'];
    for (const addresses of [tries, mapped]) {
      for (const path of ['/v1/auth/login', '/v1/audit/checkpoint']) {
        const method = path === '/v1/auth/login' ? 'POST' : 'GET';
        const answers = [];
        for (const address of addresses) answers.push((await from(address, path, { method })).status);
        expect([path, answers]).toEqual([path, [200, 200, 429, 200]]);
      }
    }
  });

  test('services and the trail are told the client, not the proxy', async () => {
    await open();
    await post('203.0.113.7', '/v1/auth/login');
    const token = await team.issuer.sign({ userId: 'ada' });
    await from('2001:db8::7', '/v1/auth/me', { token });
    await from('203.0.113.8', '/v1/roles', { token });
    expect(team.passed.findLast(({ url }) => url === '/v1/auth/login')?.clientIp).toBe('203.0.113.7');
    expect(team.passed.findLast(({ url }) => url === '/v1/auth/me')?.principal).toMatchObject({ ip: '2001:db8::7' });
    await waitFor(() => team.denials.length > 0);
    expect(team.denials).toMatchObject([{ actor: { id: 'ada', ip: '203.0.113.8' } }]);
  });

  test('nobody is this machine’s user, also where the proxy adds no header', async () => {
    await open();
    expect(await statuses([ask(`${urlOf()}/metrics`), ask(`${urlOf()}/v1/workspaces?mode=solo`)])).toEqual([404, 401]);
  });
});

describe('behind no trusted proxy', () => {
  useOwnGateway();

  test('whom a client names that is no trusted proxy is ignored', async () => {
    await open({ TRUSTED_PROXIES: '10.0.0.0/8', SIGN_INS_PER_MINUTE_MAX: '2' });
    let count = 0;
    expect(await inTurn(3, () => post(`203.0.113.${(count += 1)}`, '/v1/auth/login'))).toEqual([200, 200, 429]);
    expect(team.passed.at(-1)?.clientIp).toBe('127.0.0.1');
  });
});

/** auth, which knows one session. */
const session = randomUUID();
const answerRefreshes = (): void => {
  team.instead = async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    sendJson(response, body.includes(`"${session}.good"`) ? 200 : 401, { code: 'UNAUTHENTICATED' });
  };
};
const refresh = (refreshToken: unknown, address = '203.0.113.1') => post(address, '/v1/auth/refresh', { refreshToken });
const madeUp = (address?: string) => refresh(`${randomUUID()}.made-up`, address);

describe('refreshing', () => {
  useOwnGateway();

  test('goes on while someone at the same address sends made-up tokens and guesses at passwords', async () => {
    await open({ SIGN_INS_PER_MINUTE_MAX: '5' });
    answerRefreshes();
    expect(await inTurn(7, () => madeUp())).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await inTurn(6, () => post('203.0.113.1', '/v1/auth/login'))).at(-1)).toBe(429);
    expect(await inTurn(3, () => refresh(`${session}.good`))).toEqual([200, 200, 200]);
    const refused = await madeUp();
    expect([refused.headers.get('retry-after'), codeOf(refused)]).toEqual(['12', 'RATE_LIMITED']);
    expect((await refresh(`${randomUUID()}.made-up`, '203.0.113.2')).status).toBe(401);
  });
});

describe('two sign-ins a minute', () => {
  let network = 0;
  /** An address of a network that no other test asks from. */
  const client = (host: number): string => `198.18.${network}.${host}`;
  beforeAll(async () => {
    await startTeam();
    await open({ SIGN_INS_PER_MINUTE_MAX: '2' });
  });
  beforeEach(() => {
    network += 1;
    team.instead = undefined;
  });
  afterAll(stop);

  test.each(guesses)('a stranger who guesses at %s keeps nobody else out', async (path) => {
    expect(await inTurn(3, () => post(client(1), path))).toEqual([200, 200, 429]);
    expect(await statuses([post(client(2), path), post(`${client(1)}, ${client(3)}`, path)])).toEqual([200, 200]);
  });

  test('refreshing is limited for each session and network', async () => {
    answerRefreshes();
    expect(await inTurn(3, () => refresh(`${session}.good`, client(1)))).toEqual([200, 200, 429]);
    expect((await refresh(`${session}.good`, client(2))).status).toBe(200);
    expect((await madeUp(client(1))).status).toBe(401);
  });

  test.each([
    ['no id', 'made-up'],
    ['no text', 7],
    ['none', undefined],
  ])('a refresh token with %s is not asked about without end', async (_name, token) => {
    await inTurn(2, () => refresh(token, client(1)));
    const before = team.passed.length;
    expect([(await refresh(token, client(1))).status, team.passed.length]).toEqual([429, before]);
  });

  test('the installation has a limit of its own', async () => {
    const guess = { method: 'POST', body: {}, token: 'made-up' };
    expect(await inTurn(3, () => from(client(1), '/v1/installation/test', guess))).toEqual([401, 401, 429]);
    expect((await post(client(1), '/v1/auth/login')).status).toBe(200);
  });
});

describe('PUBLIC_URL and TRUSTED_PROXIES', () => {
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });

  test.each([
    ['https://guildhall.example', undefined, true],
    ['http://192.0.2.1:4300', undefined, true],
    ['https://guildhall.example', '10.0.0.1, 2001:db8::/32', false],
    ['https://guildhall.example', 'none', false],
    ['http://localhost:4300', undefined, false],
    ['http://127.0.0.1', undefined, false],
    ['http://[::1]:4300', undefined, false],
  ])('%s with %s: warned of shared addresses: %s', async (publicUrl, proxies, expected) => {
    gateway = await startTestGateway({ PUBLIC_URL: publicUrl, ...(proxies === undefined ? {} : { TRUSTED_PROXIES: proxies }) });
    expect(gateway.lines.some(({ msg }) => msg.startsWith('TRUSTED_PROXIES is not set'))).toBe(expected);
  });

  test.each([
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES must be'],
    [{ TRUSTED_PROXIES: 'proxy.example' }, 'TRUSTED_PROXIES must be'],
    [{ TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES must be'],
    [{ PUBLIC_URL: 'guildhall.example' }, 'PUBLIC_URL must be'],
  ])('%j stops the start and is named', (env, fault) => {
    expect(() => readConfig({ DATA_FILE: 'solo.db', ...env })).toThrow(fault);
  });
});
