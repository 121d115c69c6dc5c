import { once } from 'node:events';
import { connect } from 'node:net';
import { createLaneClient, lanePath, laneProtocol, type LaneAnswer, type LaneCall, type LaneClient } from '@guildhall/lane';
import { createInternalSigner, createInternalVerifier, serviceHeader } from '@guildhall/principal';
import { route } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireVersion } from '@guildhall/resources';
import { identityOf, waitFor } from '@guildhall/testkit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import { afterChanges, createMetrics, createServiceServer, listen, serve } from '../src/index.ts';
import { memoryLog } from './fixtures/notes-app.ts';

const closed = { additionalProperties: false } as const;
const principal = {
  userId: 'ada',
  sessionId: 'session-1',
  displayName: 'Ada',
  email: 'ada@example.org',
  permissions: ['notes:read'],
  ip: '203.0.113.7',
};
const Note = Type.Object({ text: Type.String(), by: Type.String() }, closed);
const noteId = { noteId: Type.String({ format: 'uuid' }) };
const id = '11111111-1111-4111-8111-111111111111';
const plain = { summary: 'Of notes.', errors: [] } as const;
const getNote = route({
  ...plain,
  name: 'getNote',
  method: 'GET',
  path: '/v1/notes/:noteId',
  params: Type.Object(noteId, closed),
  query: Type.Object({ limit: Type.Optional(Type.Integer({ default: 25 })) }, closed),
  responses: { 200: Note },
  answersVersion: true,
});
const createNote = route({
  ...plain,
  name: 'createNote',
  method: 'POST',
  path: '/v1/notes',
  body: Type.Object({ text: Type.String() }, closed),
  responses: { 201: Note },
  location: '/v1/notes/:id',
  isIdempotentCreate: true,
});
const updateNote = route({
  ...plain,
  name: 'updateNote',
  method: 'PATCH',
  path: '/v1/notes/:noteId',
  params: Type.Object(noteId, closed),
  body: Type.Object({ text: Type.String() }, closed),
  responses: { 200: Note },
  isVersioned: true,
});
const signIn = route({ ...plain, name: 'signIn', method: 'POST', path: '/v1/sign-in', responses: { 204: null } });
const fails = route({ ...plain, name: 'fails', method: 'GET', path: '/v1/fails', responses: { 200: Note } });
const isBusy = route({ ...plain, name: 'isBusy', method: 'GET', path: '/v1/busy', responses: { 200: Note } });
const isLong = route({ ...plain, name: 'isLong', method: 'GET', path: '/v1/long', responses: { 200: Note } });
const exportNotes = route({
  ...plain,
  name: 'exportNotes',
  method: 'GET',
  path: '/v1/export',
  media: ['text/csv'],
  responses: { 200: Type.String() },
});
const hangs = route({ ...plain, name: 'hangs', method: 'GET', path: '/v1/hangs', responses: { 200: Note } });
const ask = route({ ...plain, name: 'ask', method: 'GET', path: '/internal/ask', responses: { 200: Note } });

const now = (): Date => new Date();

const addRoutes = (app: FastifyInstance, untilAnswered: () => Promise<void>): void => {
  serve(app, getNote, 'principal', async ({ caller, query }) => ({
    body: { text: `${query.limit}`, by: caller.userId },
    version: 3,
  }));
  serve(app, createNote, 'principal', async ({ body, caller, idempotencyKey }) => ({
    body: { text: `${body.text} ${idempotencyKey ?? 'without a key'}`, by: caller.userId },
    createdId: 'note 1',
  }));
  serve(app, updateNote, 'principal', async ({ body, caller, ifMatch }) => {
    requireVersion(7, ifMatch);
    return { body: { text: body.text, by: caller.userId } };
  });
  serve(app, signIn, 'anonymous', async ({ caller }) => {
    if (caller.ip !== '198.51.100.3' || caller.userAgent !== 'a browser') throw new AppError('NOT_FOUND', JSON.stringify(caller));
    return {};
  });
  serve(app, fails, 'principal', async () => {
    throw new Error('the secret of postgres://owner:hunter2@db');
  });
  serve(app, isBusy, 'principal', async () => {
    throw new AppError('SERVICE_UNAVAILABLE', 'Try again shortly.', { retryAfterSeconds: 3 });
  });
  serve(app, isLong, 'principal', async () => ({ body: { text: 'a'.repeat(1_100_000), by: 'ada' } }));
  serve(app, hangs, 'principal', async () => {
    await untilAnswered();
    return { body: { text: 'at last', by: 'ada' } };
  });
  serve(app, exportNotes, 'principal', async () => ({ body: 'a,b' }));
  serve(app, ask, 'service', async () => ({ body: { text: 'internal', by: 'a service' } }));
};

interface NotesLane {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly client: LaneClient;
  readonly lines: () => Record<string, unknown>[];
  readonly changes: () => number;
  readonly call: (operation: string, parts?: Partial<LaneCall>) => Promise<LaneAnswer>;
}

interface NotesParts {
  /** Resolves when the operation that hangs is to be answered. */
  readonly untilAnswered?: () => Promise<void>;
  /** Called when the server begins to close, after the lane. */
  readonly onStop?: () => void;
}

const startNotes = async ({ untilAnswered = async () => {}, onStop = () => {} }: NotesParts = {}): Promise<NotesLane> => {
  const { log, lines } = memoryLog();
  const app = createServiceServer({
    log,
    metrics: createMetrics('notes'),
    readiness: () => ({ isReady: true }),
    verifier: createInternalVerifier({ identity: identityOf('team-resources'), now }),
    metricsToken: 'of-the-scraper',
  });
  addRoutes(app, untilAnswered);
  app.addHook('preClose', async () => onStop());
  let changes = 0;
  afterChanges(app, () => (changes += 1));
  const url = await listen(app, { host: '127.0.0.1', port: 0 });
  const signer = createInternalSigner({ identity: identityOf('gateway'), now });
  const client = createLaneClient({
    baseUrl: url,
    credentials: async () => ({ [serviceHeader]: await signer.signService('team-resources') }),
    connectTimeoutMs: 5_000,
    callTimeoutMs: 10_000,
    onUnavailable: () => {},
  });
  onTestFinished(async () => {
    await client.close();
    await app.close();
  });
  const call = async (operation: string, parts: Partial<LaneCall> = {}): Promise<LaneAnswer> => {
    const bare = { requestId: 'request-1', params: {}, query: {}, body: null, caller: { principal }, headers: {} };
    const pending = client.call({ operation, ...bare, ...parts });
    return pending === undefined ? expect.unreachable(`${operation} is not offered.`) : pending.answer;
  };
  await waitFor(
    () =>
      client.call({ operation: 'none', requestId: '', params: {}, query: {}, body: null, caller: {}, headers: {} }) ===
        undefined && client.usage().connections > 0,
  );
  return { url, app, client, lines, changes: () => changes, call };
};

const json = 'application/json; charset=utf-8';
const problemJson = 'application/problem+json; charset=utf-8';
const bodyOf = ({ text }: LaneAnswer): unknown => JSON.parse(text ?? 'null');

test('a call is checked, performed and answered as the request of its route', async () => {
  const { call } = await startNotes();
  expect(await call('getNote', { params: { noteId: id }, query: { limit: '7' } })).toEqual({
    status: 200,
    headers: { 'cache-control': 'no-store', 'content-type': json, etag: '"3"' },
    text: '{"text":"7","by":"ada"}',
  });
  expect(await call('createNote', { body: '{"text":"a"}', headers: { 'idempotency-key': 'key-1' } })).toEqual({
    status: 201,
    headers: { 'cache-control': 'no-store', 'content-type': json, location: '/v1/notes/note%201' },
    text: '{"text":"a key-1","by":"ada"}',
  });
});

test('a conditional read of what has not changed is 304, and a change wants its version', async () => {
  const { call } = await startNotes();
  expect(await call('getNote', { params: { noteId: id }, headers: { 'if-none-match': '"3"' } })).toEqual({
    status: 304,
    headers: { 'cache-control': 'no-store', etag: '"3"' },
    text: null,
  });
  const change = { params: { noteId: id }, body: '{"text":"b"}' };
  expect((await call('updateNote', change)).status).toBe(428);
  expect((await call('updateNote', { ...change, headers: { 'if-match': '"6"' } })).status).toBe(412);
  expect((await call('updateNote', { ...change, headers: { 'if-match': '"7"' } })).status).toBe(200);
});

test('an open operation gets the address of the client and answers without a body', async () => {
  const { call } = await startNotes();
  const caller = { ip: '198.51.100.3' };
  expect(await call('signIn', { caller, headers: { 'user-agent': 'a browser' } })).toEqual({
    status: 204,
    headers: { 'cache-control': 'no-store' },
    text: null,
  });
});

test.each([
  ['nobody', null],
  ['the address of a client where a user is wanted', { ip: '203.0.113.7' }],
  ['a user without a session', { principal: { ...principal, sessionId: undefined } }],
  ['a user with a field that nobody knows', { principal: { ...principal, isRoot: true } }],
])('a call by %s is refused with 401', async (_who, caller) => {
  const { call } = await startNotes();
  const answer = await call('getNote', { params: { noteId: id }, caller });
  expect([answer.status, answer.headers['www-authenticate'], answer.headers['x-guildhall-code']]).toEqual([
    401,
    'Bearer realm="Guildhall"',
    'UNAUTHENTICATED',
  ]);
});

test.each([
  ['a body that is no JSON', '{"text":'],
  ['a key that would change prototypes', '{"text":"a","__proto__":{"admin":true}}'],
  ['an unknown field', '{"text":"a","colour":"red"}'],
  ['text that no database stores', '{"text":"\\u0000"}'],
  ['no body', null],
])('%s is refused with 400', async (_what, body) => {
  const { call } = await startNotes();
  const answer = await call('createNote', { body });
  expect([answer.status, answer.headers['content-type']]).toEqual([400, problemJson]);
  expect(bodyOf(answer)).toMatchObject({ code: 'INVALID', requestId: 'request-1' });
});

test('a fault is 500, logged with its cause under the request id, and shows nothing of it', async () => {
  const { call, lines } = await startNotes();
  const answer = await call('fails');
  expect(answer.status).toBe(500);
  expect(answer.text).not.toContain('hunter2');
  const [fault, answered] = lines().filter(({ requestId }) => requestId === 'request-1');
  expect(fault).toMatchObject({ level: 50, msg: 'request failed' });
  expect(answered).toMatchObject({ level: 50, msg: 'answered', method: 'GET', route: '/v1/fails', status: 500 });
});

test('unavailability says when to try again', async () => {
  const { call } = await startNotes();
  const { status, headers } = await call('isBusy');
  expect([status, headers['retry-after'], headers['x-guildhall-code']]).toEqual([503, '3', 'SERVICE_UNAVAILABLE']);
});

test('each call is one log line with who called and one measurement, as a request is, and nothing else of it is logged', async () => {
  const { call, lines, app, url } = await startNotes();
  await call('createNote', { requestId: 'by-lane', body: '{"text":"not to be logged"}' });
  const line = lines().filter(({ requestId }) => requestId === 'by-lane');
  expect(line).toEqual([
    expect.objectContaining({
      level: 30,
      msg: 'answered',
      userId: principal.userId,
      method: 'POST',
      route: '/v1/notes',
      status: 201,
      ms: expect.any(Number),
    }),
  ]);
  expect(JSON.stringify(lines())).not.toMatch(/not to be logged|session-1/);
  const signer = createInternalSigner({ identity: identityOf('gateway'), now });
  const token = await signer.signPrincipal(principal, 'team-resources');
  const headers = { 'content-type': 'application/json', 'x-guildhall-principal': token, 'x-request-id': 'by-http' };
  await app.inject({ method: 'POST', url: '/v1/notes', headers, payload: { text: 'a' } });
  const [byHttp] = lines().filter(({ requestId }) => requestId === 'by-http');
  expect(Object.keys(byHttp ?? {}).toSorted()).toEqual(Object.keys(line[0] ?? {}).toSorted());
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(
    'http_request_duration_seconds_count{service="notes",method="POST",route="/v1/notes",status="201"} 2',
  );
});

test('a request id that is no harmless text is replaced', async () => {
  const { call } = await startNotes();
  const answer = await call('isBusy', { requestId: 'a\nb' });
  expect(bodyOf(answer)).toMatchObject({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('what follows each change follows one that came by the lane, too', async () => {
  const { call, changes } = await startNotes();
  await call('getNote', { params: { noteId: id } });
  await call('createNote', { body: '{"text":"a"}' });
  expect(changes()).toBe(1);
});

test('a read whose answer is long is left to HTTP', async () => {
  const { call } = await startNotes();
  await expect(call('isLong')).rejects.toMatchObject({ reason: 'long' });
});

test('a call that hangs keeps nothing else open when the service stops, and is answered', async () => {
  const [begun, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const order: string[] = [];
  const { app, call } = await startNotes({
    untilAnswered: () => {
      begun.resolve();
      return answered.promise;
    },
    onStop: () => {
      order.push('event streams end');
      answered.resolve();
    },
  });
  const hanging = call('hangs').then(({ status }) => order.push(`answered ${status}`));
  await begun.promise;
  await app.close();
  await hanging;
  expect(order).toEqual(['event streams end', 'answered 200']);
});

test('streams, texts and what services ask each other are not offered', async () => {
  const { client } = await startNotes();
  const bare = { requestId: 'r', params: {}, query: {}, body: null, caller: { principal }, headers: {} };
  for (const operation of ['exportNotes', 'ask', 'none']) expect(client.call({ operation, ...bare })).toBeUndefined();
});

/** Asks for an upgrade by hand; resolves with the first line of the answer. */
const upgrade = async (url: string, path: string, headers: Readonly<Record<string, string>>): Promise<string> => {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const fields = {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': laneProtocol,
    ...headers,
  };
  socket.write(
    `GET ${path} HTTP/1.1\r\n${Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString().split('\r\n')[0] ?? '';
};

test('a lane is opened for the gateway alone', async () => {
  const { url, lines } = await startNotes();
  const refused = 'HTTP/1.1 401 Unauthorized';
  expect(await upgrade(url, lanePath, {})).toBe(refused);
  expect(await upgrade(url, lanePath, { [serviceHeader]: 'made.up.token' })).toBe(refused);
  const ofAuth = createInternalSigner({ identity: identityOf('auth'), now });
  expect(await upgrade(url, lanePath, { [serviceHeader]: await ofAuth.signService('team-resources') })).toBe(refused);
  const ofGateway = createInternalSigner({ identity: identityOf('gateway'), now });
  expect(await upgrade(url, lanePath, { [serviceHeader]: await ofGateway.signService('audit') })).toBe(refused);
  const signed = await ofGateway.signPrincipal(principal, 'team-resources');
  expect(await upgrade(url, lanePath, { [serviceHeader]: signed })).toBe(refused);
  expect(await upgrade(url, lanePath, { [serviceHeader]: await ofGateway.signService('team-resources') })).toBe(
    'HTTP/1.1 101 Switching Protocols',
  );
  const told = lines().filter(({ route: path }) => path === lanePath);
  expect(told.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  expect(JSON.stringify(lines())).not.toContain('made.up.token');
});

test('an upgrade that nobody offers is answered as the request that it is', async () => {
  const { url } = await startNotes();
  expect(await upgrade(url, '/healthz', {})).toBe('HTTP/1.1 200 OK');
  expect(await upgrade(url, '/v1/notes', { upgrade: 'h2c' })).toBe('HTTP/1.1 405 Method Not Allowed');
  expect(await upgrade(url, lanePath, { upgrade: 'h2c' })).toBe('HTTP/1.1 404 Not Found');
});
