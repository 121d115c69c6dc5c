import { once } from 'node:events';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { createHttpServer, createMetrics, listen } from '../src/index.ts';
import { buildNotesApp, memoryLog, type NotesApp } from './fixtures/notes-app.ts';
import { sendRaw } from './fixtures/send-raw.ts';

let notes: NotesApp;
let url: string;
beforeAll(async () => {
  notes = buildNotesApp();
  url = await listen(notes.app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => notes.app.close());

describe('what is not even HTTP is answered as a problem, and the connection closed:', () => {
  it.each<[string, string, number, string, string, string]>([
    [
      'a request line that is none',
      'HELLO\r\n\r\n',
      400,
      'INVALID',
      'The request is not valid',
      'This is not a valid HTTP request.',
    ],
    [
      'headers beyond the limit',
      `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`,
      413,
      'TOO_LARGE',
      'Too large',
      'The headers are larger than this server takes.',
    ],
  ])('%s', async (_name, text, status, code, title, detail) => {
    const answer = await sendRaw(url, text);
    const made = /^x-request-id: (.*)$/im.exec(answer.head)?.[1];
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ type: 'about:blank', title, status, code, detail, requestId: made });
  });
});

describe('what Node by itself would refuse with an empty answer', () => {
  it.each([
    ['a request without a host is a problem', ''],
    ['a request with two hosts is a problem', 'Host: a\r\nHost: b\r\n'],
  ])('%s', async (_name, hosts) => {
    const head = 'GET /v1/notes HTTP/1.1\r\nX-Request-Id: no-host\r\nConnection: close\r\n';
    const answer = await sendRaw(url, `${head}${hosts}\r\n`);
    expect(JSON.parse(answer.body)).toEqual({
      type: 'about:blank',
      title: 'The request is not valid',
      status: 400,
      code: 'INVALID',
      detail: 'Send exactly one Host header.',
      requestId: 'no-host',
    });
  });

  it.each([
    ['Authorization', 'Authorization: Bearer a\r\nauthorization: Bearer b\r\n'],
    ['Content-Type', 'Content-Type: application/json\r\nContent-Type: text/plain\r\n'],
  ])('a request with two fields %s, of which Node takes the first, is a problem', async (name, lines) => {
    const answer = await sendRaw(url, `GET /v1/notes HTTP/1.1\r\nHost: a\r\n${lines}Connection: close\r\n\r\n`);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      400,
      expect.objectContaining({ code: 'INVALID', detail: `Send exactly one ${name} header.` }),
    ]);
  });

  it('CONNECT is answered, with the methods that would do: none', async () => {
    const answer = await sendRaw(url, 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\n');
    expect([answer.status, (JSON.parse(answer.body) as { code: string }).code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(answer.head).toMatch(/^allow: ?\r?$/m);
  });

  it('an expectation that nobody knows is passed over', async () => {
    const text = 'GET /v1/notes HTTP/1.1\r\nHost: a\r\nExpect: applause\r\nConnection: close\r\n\r\n';
    expect((await sendRaw(url, text)).status).toBe(200);
  });
});

describe('a body in a coding, which nothing here decodes, is refused:', () => {
  const head = 'POST /v1/notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
  it.each(['gzip', 'br', 'GZIP', 'identity, gzip'])('Content-Encoding: %s', async (coding) => {
    const lines = `Content-Encoding: ${coding}\r\nContent-Length: 12\r\nConnection: close\r\n`;
    const answer = await sendRaw(url, `${head}${lines}\r\n{"text":"a"}`);
    expect(answer.status).toBe(415);
    expect(answer.head).toMatch(/^accept-encoding: identity\r?$/m);
  });

  it('Transfer-Encoding: gzip, chunked; and nothing more is read from the connection', async () => {
    const body = 'c\r\n{"text":"a"}\r\n0\r\n\r\n';
    const next = 'GET /v1/notes HTTP/1.1\r\nHost: a\r\n\r\n';
    const answer = await sendRaw(url, `${head}Transfer-Encoding: gzip, chunked\r\n\r\n${body}${next}`);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('HTTP/1.1');
  });

  it('Content-Encoding: identity is none', async () => {
    const lines = 'Content-Encoding: identity\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n';
    const answer = await sendRaw(url, `${head}${lines}\r\nc\r\n{"text":"a"}\r\n0\r\n\r\n`);
    expect(answer.status).toBe(201);
  });
});

test('what is wrong with the rest of a request that was refused already has had its answer', async () => {
  const head = 'POST /v1/notes HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n';
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    if (received === '') socket.write('not a chunk\r\n');
    received += chunk.toString();
  });
  const closed = new Promise((resolve) => void socket.once('close', resolve));
  socket.write(head);
  await closed;
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 415']);
});

test('a request has 30 s, its headers less: Node would take the shorter time for the headers’ whichever is said', () => {
  const { headersTimeout, requestTimeout } = notes.app.server;
  expect([headersTimeout, requestTimeout]).toEqual([15_000, 30_000]);
});

const linesOf = (requestId: string) => notes.lines().filter((line) => line['requestId'] === requestId);

test('a client that goes away in the middle of its body is no fault of the program', async () => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const head = 'POST /v1/notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n';
  socket.write(`${head}X-Request-Id: cut-short\r\nExpect: 100-continue\r\n\r\n{"text":`);
  socket.once('data', () => socket.destroy());
  await vi.waitFor(() => expect(linesOf('cut-short')).not.toEqual([]));
  expect(linesOf('cut-short').map(({ level, msg }) => [level, msg])).toEqual([
    [30, 'the client went away before its body was read'],
  ]);
});

test('nor is one that goes away when its body has arrived and is not read yet, as while a caller is being admitted', async () => {
  const { log, lines } = memoryLog();
  const app = createHttpServer({ log, metrics: createMetrics('notes'), readiness: () => ({ isReady: true }) });
  const arrived = Promise.withResolvers<void>();
  app.post('/v1/notes', {
    config: { access: { kind: 'public' } },
    onRequest: async ({ raw }) => {
      arrived.resolve();
      await once(raw, 'close');
      await readText(raw);
    },
    handler: async () => ({}),
  });
  const { hostname, port } = new URL(await listen(app, { host: '127.0.0.1', port: 0 }));
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write('POST /v1/notes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}');
  await arrived.promise;
  socket.destroy();
  const problems = () => lines().filter(({ requestId }) => requestId !== undefined);
  await vi.waitFor(() => expect(problems()).not.toEqual([]));
  expect(problems().map(({ level, msg }) => [level, msg])).toEqual([[30, 'the client went away before its body was read']]);
  await app.close();
});
