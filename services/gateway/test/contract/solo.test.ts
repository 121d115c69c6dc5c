import { connect } from 'node:net';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '@guildhall/contracts';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { routeTable } from '../../src/route-table.ts';
import { ask, codeOf, fromOutside, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { sendRaw, statusesOf } from '../support/raw-request.ts';

let gateway: TestGateway;
const at = (pathname: string): string => `${gateway.url}${pathname}`;
const anyId = '33333333-3333-4333-8333-333333333333';
const filled = (template: string): string => template.replaceAll(/:\w+/g, anyId);
const isProblem = Compile(Problem);

beforeAll(async () => {
  gateway = await startTestGateway({ METRICS_TOKEN: 'of-the-scraper' });
});
afterAll(() => gateway.stop());

describe('without services', () => {
  const teamRoutes = routeTable.filter(({ service }) => service !== 'gateway');
  test.each(teamRoutes.map(({ contract }) => [contract.method, contract.path] as const))(
    '%s %s answers a caller from outside 503 NOT_CONFIGURED',
    async (method, template) => {
      const answer = await ask(at(filled(template)), { method, headers: fromOutside, token: 'any' });
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.headers.get('retry-after')).toBe('60');
      expect(answer.body).toEqual({
        type: 'about:blank',
        title: 'No shared database is set up',
        status: 503,
        code: 'NOT_CONFIGURED',
        detail: 'This installation works solo: no shared database is set up, so team routes cannot be served.',
        requestId: answer.headers.get('x-request-id'),
      });
    },
  );

  test('a route of the team answers this machine’s user the same; a workspace that is not here is not found', async () => {
    expect(codeOf(await ask(at('/v1/communities')))).toBe('NOT_CONFIGURED');
    expect(codeOf(await ask(at(`/v1/workspaces/${anyId}`)))).toBe('NOT_FOUND');
  });

  test('the installation says so', async () => {
    const status = 'not_configured';
    expect((await ask(at('/v1/installation'))).body).toEqual({
      state: status,
      source: null,
      services: ['auth', 'team-resources', 'audit'].map((service) => ({ service, status, migrations: null })),
      run: null,
    });
  });

  test('anyone is told the release, the same that the document names', async () => {
    const { status, body } = await ask(at('/v1/version'), { headers: fromOutside });
    const { info } = (await ask(at('/openapi.json'))).body as { readonly info: { readonly version: string } };
    expect([status, body]).toEqual([200, { product: 'guildhall', version: info.version, api: 'v1' }]);
    expect(info.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test.each([
    ['POST', '/v1/installation/test'],
    ['POST', '/v1/installation/configure'],
    ['GET', '/v1/installation/events'],
    ['DELETE', '/v1/installation'],
  ])('%s %s says how to start them, whoever asks', async (method, route) => {
    const answer = await ask(at(route), { method });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'CONFLICT']);
    expect((answer.body as { detail: string }).detail).toContain('AUTH_URL');
  });
});

describe('solo work', () => {
  test('a workspace and its script are made, changed, refused when stale, listed, deleted and restored', async () => {
    const made = await ask(at('/v1/workspaces'), { method: 'POST', body: { name: 'Night jobs' } });
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"1"']);
    const { id } = made.body as { id: string };
    expect(made.body).toMatchObject({ mode: 'solo', communityId: null, name: 'Night jobs', createdBy: 'solo', version: 1 });

    const script = { name: 'backup', language: 'shell', content: 'echo 1' };
    const saved = await ask(at(`/v1/workspaces/${id}/scripts`), { method: 'POST', body: script });
    expect(saved.body).toMatchObject({ ...script, version: 1 });
    const scriptAt = at(`/v1/workspaces/${id}/scripts/${(saved.body as { id: string }).id}`);
    const change = { method: 'PATCH', body: { content: 'echo 2' }, headers: { 'if-match': '"1"' } };
    expect((await ask(scriptAt, change)).headers.get('etag')).toBe('"2"');
    expect(codeOf(await ask(scriptAt, change))).toBe('VERSION_MISMATCH');
    expect(codeOf(await ask(scriptAt, { method: 'PATCH', body: change.body }))).toBe('VERSION_REQUIRED');
    expect((await ask(`${scriptAt}/versions/1`)).body).toMatchObject({ version: 1, content: 'echo 1' });

    const list = await ask(at('/v1/workspaces'));
    expect(list.body).toEqual({ items: [made.body], nextCursor: null, shared: { status: 'not_configured' } });

    expect((await ask(at(`/v1/workspaces/${id}`), { method: 'DELETE', headers: { 'if-match': '"1"' } })).status).toBe(204);
    expect(codeOf(await ask(at(`/v1/workspaces/${id}`)))).toBe('NOT_FOUND');
    expect((await ask(at(`/v1/workspaces/${id}/restore`), { method: 'POST' })).status).toBe(200);
    expect((await ask(scriptAt)).body).toMatchObject({ version: 2, content: 'echo 2' });
  });

  test('a Control-M folder comes back as it was written, and nobody else’s change is overwritten', async () => {
    const { id } = (await ask(at('/v1/workspaces'), { method: 'POST', body: { name: 'Flows' } })).body as { id: string };
    const folders = at(`/v1/workspaces/${id}/control-m/folders`);
    const definition = '{ "Type": "Folder", "2": {"Type": "Job", "Priority": 1.50}, "1": {"Type": "Job:Command"} }';
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const made = await fetch(folders, { method: 'POST', headers, body: `{"name":"NIGHT","definition":${definition}}` });
    const text = await made.text();
    expect([made.status, made.headers.get('content-type'), made.headers.get('etag')]).toEqual([
      201,
      'application/json; charset=utf-8',
      '"1"',
    ]);
    expect(text.endsWith(`,"definition":${definition}}`)).toBe(true);
    const folderAt = `${folders}/${(JSON.parse(text) as { id: string }).id}`;
    expect(await (await fetch(folderAt)).text()).toBe(text);
    const rename = { method: 'PATCH', body: { name: 'DAY' }, headers: { 'if-match': '"1"' } };
    expect((await ask(folderAt, rename)).headers.get('etag')).toBe('"2"');
    expect(codeOf(await ask(folderAt, rename))).toBe('VERSION_MISMATCH');
    expect((await ask(folderAt, { method: 'DELETE', headers: { 'if-match': '"2"' } })).status).toBe(204);
    expect(codeOf(await ask(folderAt))).toBe('NOT_FOUND');
  });

  test('what does not fit the contract is refused with the field’s name, and nothing is written', async () => {
    const before = (await ask(at('/v1/workspaces'))).body;
    const odd = { name: 'x', surprise: true };
    const answer = await ask(at('/v1/workspaces'), { method: 'POST', body: odd });
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ code: 'INVALID', errors: [{ path: '/surprise', message: 'is not known here' }] }),
    ]);
    expect((await ask(at('/v1/workspaces'))).body).toEqual(before);
  });

  test.each([
    ['through a proxy', fromOutside],
    ['by a name that was rebound', { host: 'evil.example' }],
    ['from a page of another site', { origin: 'https://evil.example' }],
  ])('a stranger who comes %s gets nothing of it', async (_name, headers) => {
    const head = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const send = (line: string): Promise<string> =>
      sendRaw(gateway.url, `${line} HTTP/1.1\r\n${head.join('')}connection: close\r\n\r\n`);
    expect(statusesOf(await send('GET /v1/workspaces'))).toEqual([401]);
    expect(statusesOf(await send('POST /v1/workspaces'))).toEqual([403]);
    expect(statusesOf(await send(`GET /v1/workspaces/${anyId}`))).toEqual([503]);
    expect(statusesOf(await send('GET /metrics'))).toEqual([404]);
    expect(statusesOf(await send('HEAD /metrics'))).toEqual([404]);
  });
});

describe('the local token', () => {
  test('opens solo work to whoever can read its 0600 file, and nobody else', async () => {
    const file = path.join(gateway.folder, 'local-token');
    const other = await startTestGateway({ LOCAL_TOKEN_FILE: file });
    const token = readFileSync(file, 'utf8');
    const listWith = async (value: string) =>
      (await ask(`${other.url}/v1/workspaces`, { headers: { ...fromOutside, 'x-guildhall-local-token': value } })).status;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await Promise.all([token, `${token}x`, token.slice(1), ''].map(listWith))).toEqual([200, 401, 401, 401]);
    await other.stop();
  });

  test('is wanted of everyone, also of other accounts on this machine, unless the settings say otherwise', async () => {
    expect(readConfig({ DATA_FILE: '/data/solo.db' })).toMatchObject({
      soloTrustsLoopback: false,
      localTokenFile: '/data/local-token',
    });
    const strict = await startTestGateway({ SOLO_TRUST_LOOPBACK: 'false' });
    const headers = { 'x-guildhall-local-token': readFileSync(path.join(strict.folder, 'local-token'), 'utf8') };
    const solo = (method: string, given: Record<string, string> = {}) =>
      ask(`${strict.url}/v1/workspaces`, { method, headers: given, ...(method === 'POST' ? { body: { name: 'Mine' } } : {}) });
    expect([(await solo('GET')).status, (await solo('POST')).status]).toEqual([401, 403]);
    const created = await solo('POST', headers);
    expect([created.status, (await solo('GET', headers)).status]).toEqual([201, 200]);
    const { id } = created.body as { id: string };
    expect((await ask(`${strict.url}/v1/workspaces/${id}`)).status).toBe(503);
    expect((await ask(`${strict.url}/v1/workspaces/${id}`, { headers })).status).toBe(200);
    expect((await ask(`${strict.url}/metrics`)).status).toBe(200);
    await strict.stop();
  });

  test('an empty or short file stops the start instead of letting anyone in', async () => {
    const file = path.join(gateway.folder, 'short-token');
    for (const text of ['', '\n', 'guess']) {
      writeFileSync(file, text);
      await expect(startTestGateway({ LOCAL_TOKEN_FILE: file })).rejects.toThrow(`The local token in ${file} is shorter than 32`);
    }
  });
});

const idFor = async (given: string) =>
  (await ask(at('/healthz'), { headers: { 'x-request-id': given } })).headers.get('x-request-id');

describe('operations', () => {
  test('/healthz and /readyz answer anyone', async () => {
    expect((await ask(at('/healthz'), { headers: fromOutside })).body).toEqual({ status: 'ok' });
    expect(await ask(at('/readyz'), { headers: fromOutside })).toMatchObject({
      status: 200,
      body: { isReady: true, sharedDatabase: { status: 'not_configured' } },
    });
  });

  test('/metrics answers this machine and the bearer of its token, and is not there for anyone else', async () => {
    const metrics = await ask(at('/metrics'));
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(metrics.body).toContain('http_request_duration_seconds_bucket');
    expect((await ask(at('/metrics'), { headers: fromOutside, token: 'of-the-scraper' })).status).toBe(200);
    expect(codeOf(await ask(at('/metrics'), { headers: fromOutside, token: 'wrong' }))).toBe('NOT_FOUND');
  });

  test('metrics count by route, never by what a URL holds, so that a scan does not fill the memory', async () => {
    await ask(at(`/v1/workspaces/${anyId}`));
    await ask(at('/some/scanned/place'));
    const metrics = (await ask(at('/metrics'))).body;
    expect(metrics).toContain('route="/v1/workspaces/:workspaceId"');
    expect(metrics).not.toContain(anyId);
    expect(metrics).not.toContain('scanned');
  });

  test('every answer carries the security headers, refusals too', async () => {
    for (const pathname of ['/v1/installation', '/v1/communities', '/nowhere', '/openapi.json']) {
      const { headers } = await ask(at(pathname));
      expect([
        pathname,
        headers.get('x-content-type-options'),
        headers.get('x-frame-options'),
        headers.get('referrer-policy'),
      ]).toEqual([pathname, 'nosniff', 'SAMEORIGIN', 'no-referrer']);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('a request id that is harmless is kept, any other one is replaced', async () => {
    expect(await idFor('of-the-client.1')).toBe('of-the-client.1');
    expect(await idFor('<script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('what is not there', () => {
  test('the console, which is not built here: a page says so', async () => {
    const answer = await fetch(gateway.url);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(text).toContain('The console is not built here');
  });

  test.each([
    ['GET', '/v1'],
    ['GET', '/v2/communities'],
    ['GET', '/internal/access'],
    ['POST', '/internal/events'],
    ['GET', '/docs/../package.json'],
    ['GET', '/docs/static/..%2f..%2fpackage.json'],
  ])('%s %s is a problem, 404 NOT_FOUND', async (method, pathname) => {
    const raw = await sendRaw(gateway.url, `${method} ${pathname} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    const body = JSON.parse(raw.slice(raw.indexOf('{'), raw.lastIndexOf('}') + 1)) as unknown;
    expect([statusesOf(raw), isProblem.Check(body), body]).toEqual([[404], true, expect.objectContaining({ code: 'NOT_FOUND' })]);
  });

  test.each([...new Set(routeTable.map(({ contract }) => contract.path))])(
    'OPTIONS of %s is answered with the methods of the address, 405 METHOD_NOT_ALLOWED',
    async (template) => {
      const own = routeTable.filter(({ contract }) => contract.path === template).map(({ contract }) => contract.method);
      const allowed = own.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).toSorted();
      const answer = await ask(at(filled(template)), { method: 'OPTIONS' });
      expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([
        405,
        allowed.join(', '),
        expect.objectContaining({ code: 'METHOD_NOT_ALLOWED' }),
      ]);
    },
  );

  test.each(['/v1/workspaces/', '/v1/workspaces/%', '/v1/workspaces/%zz', '/%c0%af', `/v1/workspaces/${'x'.repeat(301)}`])(
    'GET %s is refused as a problem, never a fault',
    async (pathname) => {
      const answer = await ask(at(pathname));
      expect([400, 404]).toContain(answer.status);
      expect(isProblem.Check(answer.body)).toBe(true);
    },
  );

  test('what is no HTTP gets an answer and does not stop the gateway', async () => {
    expect(statusesOf(await sendRaw(gateway.url, 'hello there\r\n\r\n'))).toEqual([400]);
    expect((await ask(at('/healthz'))).status).toBe(200);
  });
});

/** Gets the document compressed, as browsers do. */
const getCompressed = (headers: Record<string, string> = {}) => fetch(at('/openapi.json'), { headers });

describe('the document', () => {
  test('/openapi.json is the generated one', async () => {
    expect((await ask(at('/openapi.json'))).body).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  test('a client that has the document already is answered 304', async () => {
    const first = await getCompressed();
    const etag = first.headers.get('etag') ?? '';
    expect([etag, first.headers.get('cache-control')]).toEqual([expect.stringMatching(/^"[\w-]{43}-gzip"$/), 'no-cache']);
    const again = await getCompressed({ 'if-none-match': etag });
    expect([again.status, again.headers.get('etag')]).toEqual([304, etag]);
    expect((await getCompressed({ 'if-none-match': '"other"' })).status).toBe(200);
  });
});

describe('pages of other sites', () => {
  test('are not let in unless they were named', async () => {
    const { headers } = await ask(at('/v1/installation'), { headers: { origin: 'https://console.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('that were named may use every method, without cookies; others may not', async () => {
    const open = await startTestGateway({ CORS_ORIGINS: 'https://console.example, https://other.example' });
    const preflight = (origin: string) =>
      ask(`${open.url}/v1/communities/${anyId}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,if-match',
        },
      });
    const allowed = await preflight('https://console.example');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://console.example']);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await ask(`${open.url}/v1/communities`, { headers: { origin: 'https://console.example' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([503, 'https://console.example']);
    await open.stop();
  });
});

test('a start on a taken port fails and leaves nothing behind', async () => {
  const { port } = new URL(gateway.url);
  await expect(startTestGateway({ PORT: port })).rejects.toThrow(/EADDRINUSE/);
});

test('closing ends connections that are idle, so that it does not wait for their clients', async () => {
  const other = await startTestGateway();
  const { hostname, port } = new URL(other.url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => void socket.once('connect', resolve));
  const closed = new Promise((resolve) => void socket.once('close', resolve));
  socket.resume();
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => void socket.once('data', resolve));
  await other.stop();
  await closed;
  expect(socket.destroyed).toBe(true);
});
