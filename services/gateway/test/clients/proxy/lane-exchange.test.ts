import { gunzipSync } from 'node:zlib';
import { scriptRoutes } from '@guildhall/contracts';
import type { LaneAnswer } from '@guildhall/lane';
import { waitFor } from '@guildhall/testkit';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { ExchangeLimit } from '../../../src/core/admission/refresh-limit.ts';
import { caller, openDoor, operations } from '../../support/lane-door.ts';
import { laneAnswer, startLaneStandIn, type LaneStandIn, type LaneStandInParts } from '../../support/lane-stand-in.ts';

const { getScript } = scriptRoutes;

const standIn = async (parts: LaneStandInParts = {}, isSpeaking = true): Promise<LaneStandIn> => {
  const service = await startLaneStandIn({ operations, ...parts }, isSpeaking);
  onTestFinished(() => service.kill());
  return service;
};

const started = async (parts: LaneStandInParts = {}, doorParts: Parameters<typeof openDoor>[1] = {}) => {
  const service = await standIn(parts);
  const door = await openDoor(service, doorParts);
  await door.untilOpen();
  return { service, door };
};

const create = { method: 'POST', body: '{"name":"ü"}', headers: { 'content-type': 'application/json' } } as const;
const codeOf = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code?: string }).code,
];

/** A service that answers a call when it is told to. */
const held = () => {
  const calls: { readonly answer: (answer: LaneAnswer) => void; readonly isAbandoned: () => boolean }[] = [];
  const answer: LaneStandInParts['answer'] = (_call, isAbandoned) => {
    const { promise, resolve } = Promise.withResolvers<LaneAnswer>();
    calls.push({ answer: resolve, isAbandoned });
    return promise;
  };
  return { calls, answer };
};

test('a short request goes by the lane as it was sent, with its caller, and its answer to the client with the gateway’s own headers', async () => {
  const { service, door } = await started({
    answer: async (call) => ({
      ...laneAnswer(call, { etag: '"1"', 'x-guildhall-code': 'NOT_FOUND', 'keep-alive': 'timeout=9' }),
      status: 201,
    }),
  });
  const headers = {
    ...create.headers,
    'if-match': '"7"',
    'idempotency-key': 'k',
    'user-agent': 'a browser',
    authorization: 'Bearer secret',
    cookie: 'c=1',
  };
  const response = await fetch(`${door.url}/create`, { ...create, headers });
  expect([response.status, response.headers.get('etag'), response.headers.get('x-frame-options')]).toEqual([201, '"1"', 'DENY']);
  expect([response.headers.get('x-guildhall-code'), response.headers.get('keep-alive')]).not.toContain('timeout=9');
  expect(response.headers.get('x-guildhall-code')).toBeNull();
  expect(await response.json()).toEqual({
    operation: 'createScript',
    requestId: 'r-1',
    params: { scriptId: 'a' },
    query: { version: '3' },
    body: '{"name":"ü"}',
    caller: { principal: { ...caller, permissions: ['p', 'q@c'], ip: '203.0.113.7', userAgent: 'a browser' } },
    headers: { 'if-match': '"7"', 'idempotency-key': 'k', 'user-agent': 'a browser' },
  });
  expect(service.came).toEqual(['lane createScript']);
});

test.each([
  ['a body of another media type', { ...create, headers: { 'content-type': 'text/plain' } }],
  ['a body without a media type', { method: 'POST', body: Buffer.from('{}') }],
  ['JSON in another charset', { ...create, headers: { 'content-type': 'application/json; charset=latin1' } }],
  ['a body that is no UTF-8', { ...create, body: Buffer.from([0x22, 0xff, 0x22]) }],
  ['a long body', { ...create, body: JSON.stringify('a'.repeat(70_000)) }],
])('%s goes by HTTP', async (_what, sent) => {
  const { service, door } = await started();
  expect((await fetch(`${door.url}/create`, sent as RequestInit)).status).toBe(200);
  expect(service.came).toEqual(['http POST /create']);
});

test('a request for the head alone goes by HTTP', async () => {
  const { service, door } = await started();
  await fetch(`${door.url}/get`, { method: 'HEAD' });
  expect(service.came).toEqual(['http HEAD /get']);
});

test('an operation that the service does not offer goes by HTTP', async () => {
  const { service, door } = await started({ operations: () => [getScript.name] });
  await fetch(`${door.url}/create`, create);
  await fetch(`${door.url}/get`);
  expect(service.came).toEqual(['http POST /create', 'lane getScript']);
});

test('an answer over a kilobyte is compressed as the client prefers, and a short one is not', async () => {
  const text = 'abc '.repeat(1_000);
  const { door } = await started({
    answer: async ({ headers }) => laneAnswer(headers['if-match'] === '"1"' ? 'short' : text, { etag: '"3"' }),
  });
  const client = new Agent();
  onTestFinished(() => client.destroy());
  const asked = (headers: Record<string, string>) => request(`${door.url}/get`, { dispatcher: client, headers });
  const zipped = await asked({ 'accept-encoding': 'gzip' });
  const bytes = Buffer.from(await zipped.body.arrayBuffer());
  const { 'content-encoding': coding, vary, etag, 'content-length': length } = zipped.headers;
  expect([coding, vary, etag, length]).toEqual(['gzip', 'accept-encoding', '"3-gzip"', String(bytes.length)]);
  expect(JSON.parse(gunzipSync(bytes).toString())).toBe(text);
  const plain = await asked({});
  expect([plain.headers['content-encoding'], plain.headers['vary'], await plain.body.json()]).toEqual([
    undefined,
    'accept-encoding',
    text,
  ]);
  const short = await asked({ 'accept-encoding': 'gzip', 'if-match': '"1"' });
  expect([short.headers['content-encoding'], short.headers['vary'], await short.body.json()]).toEqual([
    undefined,
    undefined,
    'short',
  ]);
});

test('a 304 has the tag that the client knows, and an empty answer no body', async () => {
  const { door } = await started({
    answer: async ({ operation }) =>
      operation === 'getScript'
        ? { status: 304, headers: { etag: '"3"' }, text: null }
        : { status: 204, headers: {}, text: null },
  });
  const unchanged = await fetch(`${door.url}/get`, { headers: { 'if-none-match': '"3-gzip"' } });
  expect([unchanged.status, unchanged.headers.get('etag'), await unchanged.text()]).toEqual([304, '"3-gzip"', '']);
  const empty = await fetch(`${door.url}/create`, create);
  expect([empty.status, empty.headers.get('content-length'), await empty.text()]).toEqual([204, null, '']);
});

test('a service that dies with calls in flight: the read is tried once more by HTTP, the write is not, and its outcome is unknown', async () => {
  const { calls, answer } = held();
  const { service, door } = await started({ answer });
  const [read, write] = [fetch(`${door.url}/get`), fetch(`${door.url}/create`, create)];
  await waitFor(() => calls.length === 2);
  await service.kill();
  await service.restart();
  expect(await codeOf(await write)).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect((await read).status).toSatisfy((status: number) => status === 200 || status === 503);
  expect(service.came.filter((one) => one.endsWith('createScript') || one.includes('POST'))).toEqual(['lane createScript']);
  expect(service.came.filter((one) => one.startsWith('http GET')).length).toBeLessThanOrEqual(1);
  expect(door.unavailable()).toBeGreaterThanOrEqual(1);
});

test('a lane that breaks while its service lives: the read is answered by HTTP', async () => {
  const { calls, answer } = held();
  const { service, door } = await started({ answer, drainMs: 1 });
  const read = fetch(`${door.url}/get`);
  await waitFor(() => calls.length === 1);
  await service.drain();
  const response = await read;
  expect([response.status, service.came.at(-1)]).toEqual([200, 'http GET /get']);
});

test('a client that goes away is told to the service', async () => {
  const { calls, answer } = held();
  const { door } = await started({ answer });
  const client = new AbortController();
  const response = fetch(`${door.url}/get`, { signal: client.signal });
  await waitFor(() => calls.length === 1);
  client.abort();
  await expect(response).rejects.toThrow('aborted');
  await waitFor(() => calls[0]?.isAbandoned());
  expect([door.unavailable(), door.refusals]).toEqual([0, []]);
});

test('a service that does not answer in time is SERVICE_UNAVAILABLE, a read too: it has had its time', async () => {
  const { answer } = held();
  const { service, door } = await started({ answer }, { callTimeoutMs: 50 });
  expect(await codeOf(await fetch(`${door.url}/get`))).toEqual([503, 'SERVICE_UNAVAILABLE']);
  await door.untilOpen();
  expect(await codeOf(await fetch(`${door.url}/create`, create))).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(service.came).toEqual(['lane getScript', 'lane createScript']);
  expect(door.unavailable()).toBe(2);
});

test('beyond the calls that the service takes at a time further ones are refused at once', async () => {
  const { calls, answer } = held();
  const { service, door } = await started({ answer, callsMax: 1 });
  const first = fetch(`${door.url}/get`);
  await waitFor(() => calls.length === 1);
  const refused = await fetch(`${door.url}/create`, create);
  expect([refused.status, service.came]).toEqual([503, ['lane getScript']]);
  calls[0]?.answer(laneAnswer({}));
  expect((await first).status).toBe(200);
});

test('a read whose answer is long comes by HTTP; a write that was made is not made again', async () => {
  const { service, door } = await started({ answer: async () => 'long' });
  expect((await fetch(`${door.url}/get`)).status).toBe(200);
  expect(await codeOf(await fetch(`${door.url}/create`, create))).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(service.came).toEqual(['lane getScript', 'http GET /get', 'lane createScript']);
});

test('a call that throws outside of its operation is SERVICE_UNAVAILABLE', async () => {
  const { door } = await started({
    answer: async () => {
      throw new Error('planted');
    },
  });
  expect(await codeOf(await fetch(`${door.url}/get`))).toEqual([503, 'SERVICE_UNAVAILABLE']);
});

test('the code of a 503 reaches the circuit breaker, and not the client', async () => {
  const { door } = await started({
    answer: async () => ({
      ...laneAnswer({ code: 'SHARED_DB_UNAVAILABLE' }, { 'x-guildhall-code': 'SHARED_DB_UNAVAILABLE', 'retry-after': '2' }),
      status: 503,
    }),
  });
  const response = await fetch(`${door.url}/get`);
  expect([response.status, response.headers.get('x-guildhall-code'), response.headers.get('retry-after')]).toEqual([
    503,
    null,
    '2',
  ]);
  expect([door.refusals, door.unavailable()]).toEqual([['SHARED_DB_UNAVAILABLE'], 1]);
});

test('a limit that watches the exchange sees body and status, and may replace the answer', async () => {
  const seen: unknown[] = [];
  const limit: ExchangeLimit = {
    onBody: (body) => void seen.push(body),
    onStatus: (status) => {
      seen.push(status);
      throw new Error('planted');
    },
  };
  const { door } = await started({}, { limit });
  expect(await codeOf(await fetch(`${door.url}/create`, create))).toEqual([500, 'Error: planted']);
  expect(seen).toEqual([create.body, 200]);
});

test('rolling upgrade: a service that does not speak the lane is served by HTTP, by the lane once it does, and by HTTP again after a step back', async () => {
  const service = await standIn({}, false);
  const door = await openDoor(service);
  const way = async (): Promise<string | undefined> => {
    expect((await fetch(`${door.url}/get`)).status).toBe(200);
    return service.came.at(-1);
  };
  expect([await way(), await way()]).toEqual(['http GET /get', 'http GET /get']);
  await service.kill();
  await service.restart(true);
  await door.untilOpen();
  expect(await way()).toBe('lane getScript');
  await service.stop();
  await service.restart(false);
  expect([await way(), await way()]).toEqual(['http GET /get', 'http GET /get']);
});

test('a service that stops drains: no request is refused meanwhile', async () => {
  const { service, door } = await started({ answer: async (call) => laneAnswer(call) });
  const over = new AbortController();
  const statuses: number[] = [];
  const load = Array.from({ length: 8 }, async () => {
    while (!over.signal.aborted) statuses.push((await fetch(`${door.url}/create`, create)).status);
  });
  await waitFor(() => statuses.length > 50);
  const before = statuses.length;
  const draining = service.came.length;
  await service.drain();
  await waitFor(() => statuses.length > before + 50);
  over.abort();
  await Promise.all(load);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(service.came.slice(draining)).toContain('http POST /create');
});

test('metrics tell of the calls, the messages that carried them, and the requests that went by HTTP instead', async () => {
  const { door } = await started({ operations: () => ['getScript'] });
  const names = ['connections', 'calls_in_flight', 'calls_total', 'messages_total', 'fallbacks_total'];
  const read = () => Promise.all(names.map((name) => door.metric(`guildhall_lane_${name}`)));
  await fetch(`${door.url}/get`);
  expect(await read()).toEqual([1, 0, 1, 1, undefined]);
  await fetch(`${door.url}/create`, create);
  // A request for the head alone is no call of the lane: it does not count.
  await fetch(`${door.url}/get`, { method: 'HEAD' });
  expect(await read()).toEqual([1, 0, 1, 1, 1]);
});

test('LANE=off leaves everything to HTTP', () => {
  const settings = { DATA_FILE: 'solo.db' };
  expect([readConfig(settings).usesLane, readConfig({ ...settings, LANE: 'off' }).usesLane]).toEqual([true, false]);
  expect(() => readConfig({ ...settings, LANE: 'maybe' })).toThrow('LANE');
});
