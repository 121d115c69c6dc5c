import { once } from 'node:events';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer, createMetrics, listen, type Readiness } from '../src/index.ts';
import { buildNotesApp, memoryLog, type NotesApp } from './fixtures/notes-app.ts';
import { listensNoMore } from './fixtures/listens-no-more.ts';

const opened: NotesApp[] = [];
const open = async (readiness?: Readiness): Promise<NotesApp & { readonly url: string }> => {
  const notes = buildNotesApp(readiness);
  opened.push(notes);
  return { ...notes, url: await listen(notes.app, { host: '127.0.0.1', port: 0 }) };
};
afterEach(async () => {
  for (const { app, release } of opened.splice(0)) {
    release();
    await app.close();
  }
});

describe('a route without an access rule', () => {
  it('stops the start, naming the route', () => {
    const { log } = memoryLog();
    const app = createHttpServer({ log, metrics: createMetrics('planted'), readiness: () => ({ isReady: true }) });
    expect(() => app.get('/v1/planted', async () => ({}))).toThrow(
      new Error('GET /v1/planted has no access rule: say who may call it.'),
    );
    expect(() => app.route({ method: ['PUT', 'POST'], url: '/v1/planted', config: {}, handler: async () => ({}) })).toThrow(
      new Error('PUT,POST /v1/planted has no access rule: say who may call it.'),
    );
  });

  it('stops the start also when a plugin brings it', async () => {
    const { log } = memoryLog();
    const app = createHttpServer({ log, metrics: createMetrics('planted'), readiness: () => ({ isReady: true }) });
    app.register(async (inner) => void inner.get('/v1/planted', async () => ({})));
    await expect(listen(app, { host: '127.0.0.1', port: 0 })).rejects.toThrow('GET /v1/planted has no access rule');
    await app.close();
  });
});

describe('the request id', () => {
  it('that came is echoed and logged', async () => {
    const { url, lines } = await open();
    const answer = await request(`${url}/v1/notes`, { headers: { 'x-request-id': 'from-outside:1' } });
    await answer.body.dump();
    expect(answer.headers['x-request-id']).toBe('from-outside:1');
    // The line is written once the answer is out.
    await expect
      .poll(() => lines().filter(({ msg }) => msg === 'answered'))
      .toEqual([
        {
          level: 30,
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          service: 'notes',
          pid: process.pid,
          requestId: 'from-outside:1',
          method: 'GET',
          route: '/v1/notes',
          status: 200,
          ms: expect.any(Number),
          msg: 'answered',
        },
      ]);
  });

  it.each(['', 'two words', '<script>', 'a'.repeat(129)])('"%s" is replaced by a new one', async (given) => {
    const { url } = await open();
    const answer = await request(`${url}/v1/notes`, { headers: { 'x-request-id': given } });
    await answer.body.dump();
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });
});

describe('answers', () => {
  it('of a read carry the query’s numbers as numbers, and its defaults', async () => {
    const { url } = await open();
    const bodies = await Promise.all(
      ['?limit=3', ''].map(async (query) => (await request(`${url}/v1/notes${query}`)).body.json()),
    );
    expect(bodies).toEqual([{ limit: 3 }, { limit: 25 }]);
  });

  it('of a create carry status, ETag, headers and body', async () => {
    const { url } = await open();
    const answer = await request(`${url}/v1/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"a"}',
    });
    expect([answer.statusCode, answer.headers['etag'], answer.headers['location'], await answer.body.json()]).toEqual([
      201,
      '"1"',
      '/v1/notes/note%201',
      { text: 'a', key: null },
    ]);
  });

  it('to HEAD are those to GET without the body', async () => {
    const { url } = await open();
    const answer = await request(`${url}/v1/notes`, { method: 'HEAD' });
    expect([answer.statusCode, answer.headers['content-type'], await answer.body.text()]).toEqual([
      200,
      'application/json; charset=utf-8',
      '',
    ]);
  });
});

describe('health', () => {
  it('is alive as long as the process answers', async () => {
    const { url } = await open({ isReady: false });
    const answer = await request(`${url}/healthz`);
    expect([answer.statusCode, await answer.body.json()]).toEqual([200, { status: 'ok' }]);
  });

  it.each<[number, Readiness]>([
    [200, { isReady: true, sharedDatabase: { status: 'ready' } }],
    [503, { isReady: false, sharedDatabase: { status: 'unavailable', detail: 'migrations pending' } }],
  ])('answers %i with the whole state', async (status, readiness) => {
    const { url } = await open(readiness);
    const answer = await request(`${url}/readyz`);
    expect([answer.statusCode, await answer.body.json()]).toEqual([status, readiness]);
  });
});

describe('a request for health', () => {
  it('is no line in the log, also while something is unavailable: that is said once, by whoever finds it out', async () => {
    const { url, lines } = await open({ isReady: false });
    for (const path of ['/healthz', '/readyz', '/v1/notes']) await (await request(`${url}${path}`)).body.dump();
    await expect
      .poll(() =>
        lines()
          .filter(({ msg }) => msg === 'answered')
          .map(({ route }) => route),
      )
      .toEqual(['/v1/notes']);
  });
});

describe('metrics', () => {
  it('count requests by route, never by URL', async () => {
    const { url } = await open();
    for (const path of ['/v1/notes', '/v1/notes?limit=3', '/v1/notes?limit=x', '/v1/nowhere/1', '/v1/nowhere/2']) {
      await (await request(`${url}${path}`)).body.dump();
    }
    const scrape = async (): Promise<string[]> => {
      const text = await (await request(`${url}/metrics`)).body.text();
      return text.split('\n').filter((line) => /^http_request_duration_seconds_count.*route="(\/v1|none)/.test(line));
    };
    await expect
      .poll(scrape)
      .toEqual([
        'http_request_duration_seconds_count{service="notes",method="GET",route="/v1/notes",status="200"} 2',
        'http_request_duration_seconds_count{service="notes",method="GET",route="/v1/notes",status="400"} 1',
        'http_request_duration_seconds_count{service="notes",method="GET",route="none",status="404"} 2',
      ]);
  });

  it('are sent as Prometheus reads them', async () => {
    const { url } = await open();
    const answer = await request(`${url}/metrics`);
    await answer.body.dump();
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  });

  it.each([
    ['another name of this machine', { host: 'rebound.example' }],
    ['a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a wrong token', { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer wrong' }],
  ])('are not there for who comes by %s', async (_what, headers) => {
    const { url } = await open();
    expect((await request(`${url}/metrics`, { headers })).statusCode).toBe(404);
  });

  it('are there for a scraper with the token', async () => {
    const { url } = await open();
    const headers = { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer of-the-scraper' };
    expect((await request(`${url}/metrics`, { headers })).statusCode).toBe(200);
  });
});

/** Goes on asking over a connection that is kept; what is accepted must be answered. */
const statusesUntilRefused = async (url: string, dispatcher: Agent): Promise<number[]> => {
  const statuses: number[] = [];
  for (;;) {
    const answer = await request(url, { dispatcher }).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof answer !== 'object') return answer === 'ECONNREFUSED' ? statuses : [...statuses, Number.NaN];
    statuses.push(answer.statusCode);
    await answer.body.dump();
  }
};

describe('closing', () => {
  it('finishes the request in flight, though its client keeps the connection and goes on', async () => {
    const { url, app, arrived, release } = await open();
    const client = new Agent({ connections: 1, pipelining: 1 });
    const waiting = request(`${url}/v1/waits`, { dispatcher: client });
    await arrived;
    const closed = app.close();
    await listensNoMore(url);
    release();
    const answer = await waiting;
    expect([answer.statusCode, await answer.body.json()]).toEqual([200, {}]);
    expect(await statusesUntilRefused(`${url}/v1/notes`, client)).toEqual([200]);
    await closed;
    await client.close();
  });

  it('cuts off nobody who is busy: each is answered until they are refused', async () => {
    const { url, app } = await open();
    const clients = Array.from({ length: 40 }, () => new Agent({ connections: 1 }));
    const begun = await Promise.all(clients.map((dispatcher) => request(`${url}/v1/notes`, { dispatcher })));
    await Promise.all(begun.map(({ body }) => body.dump()));
    const outcomes = clients.map((client) => statusesUntilRefused(`${url}/v1/notes`, client));
    await app.close();
    expect(new Set((await Promise.all(outcomes)).flat())).toEqual(new Set([200]));
    await Promise.all(clients.map((client) => client.close()));
  });

  it('is not ready any more, whatever its parts say', async () => {
    const { log } = memoryLog();
    const [asked, told] = [Promise.withResolvers<undefined>(), Promise.withResolvers<Readiness>()];
    const readiness = async (): Promise<Readiness> => {
      asked.resolve(undefined);
      return await told.promise;
    };
    const app = createHttpServer({ log, metrics: createMetrics('notes'), readiness });
    const url = await listen(app, { host: '127.0.0.1', port: 0 });
    const asking = request(`${url}/readyz`);
    await asked.promise;
    const closed = app.close();
    await listensNoMore(url);
    told.resolve({ isReady: true, sharedDatabase: { status: 'ready' } });
    const answer = await asking;
    expect([answer.statusCode, await answer.body.json()]).toEqual([503, { isReady: false, sharedDatabase: { status: 'ready' } }]);
    await closed;
  });

  it('waits for the first request of a client that has just connected', async () => {
    const { url, app } = await open();
    const accepted = once(app.server, 'connection');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await accepted;
    const closed = app.close();
    await listensNoMore(url);
    // Longer than a kept connection is kept on while the server closes.
    await delay(400);
    socket.write('GET /v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await textOf(socket)).split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
    await closed;
  });

  it('does not wait for the first request of a client that sends none', async () => {
    const { url, app } = await open();
    const accepted = once(app.server, 'connection');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await accepted;
    await app.close();
    expect(await textOf(socket)).toBe('');
  });

  it('does not wait long for connections that are idle', async () => {
    const { url, app } = await open();
    const client = new Agent({ connections: 1 });
    await (await request(`${url}/v1/notes`, { dispatcher: client })).body.dump();
    await app.close();
    await expect(listensNoMore(url)).resolves.toBeUndefined();
    await client.close();
  });
});
