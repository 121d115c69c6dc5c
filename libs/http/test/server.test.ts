import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createHttpServer, createMetrics, listen, type Readiness } from '../src/index.ts';
import { memoryLog } from './fixtures/notes-app.ts';
import { openNotes } from './fixtures/open-notes.ts';

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
    const { url, lines } = await openNotes();
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
    const { url } = await openNotes();
    const answer = await request(`${url}/v1/notes`, { headers: { 'x-request-id': given } });
    await answer.body.dump();
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });
});

describe('answers', () => {
  it('of a read carry the query’s numbers as numbers, and its defaults', async () => {
    const { url } = await openNotes();
    const bodies = await Promise.all(
      ['?limit=3', ''].map(async (query) => (await request(`${url}/v1/notes${query}`)).body.json()),
    );
    expect(bodies).toEqual([{ limit: 3 }, { limit: 25 }]);
  });

  it('of a create carry status, ETag, headers and body', async () => {
    const { url } = await openNotes();
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
    const { url } = await openNotes();
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
    const { url } = await openNotes({ isReady: false });
    const answer = await request(`${url}/healthz`);
    expect([answer.statusCode, await answer.body.json()]).toEqual([200, { status: 'ok' }]);
  });

  it.each<[number, Readiness]>([
    [200, { isReady: true, sharedDatabase: { status: 'ready' } }],
    [503, { isReady: false, sharedDatabase: { status: 'unavailable', detail: 'migrations pending' } }],
  ])('answers %i with the whole state', async (status, readiness) => {
    const { url } = await openNotes(readiness);
    const answer = await request(`${url}/readyz`);
    expect([answer.statusCode, await answer.body.json()]).toEqual([status, readiness]);
  });
});

describe('a request for health', () => {
  it('is no line in the log, also while something is unavailable: that is said once, by whoever finds it out', async () => {
    const { url, lines } = await openNotes({ isReady: false });
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
    const { url } = await openNotes();
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
    const { url } = await openNotes();
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
    const { url } = await openNotes();
    expect((await request(`${url}/metrics`, { headers })).statusCode).toBe(404);
  });

  it('are there for a scraper with the token', async () => {
    const { url } = await openNotes();
    const headers = { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer of-the-scraper' };
    expect((await request(`${url}/metrics`, { headers })).statusCode).toBe(200);
  });
});
