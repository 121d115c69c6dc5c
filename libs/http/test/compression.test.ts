import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { AccessRule } from '@guildhall/contracts';
import type { FastifyInstance } from 'fastify';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpServer, createLog, createMetrics, listen } from '../src/index.ts';

const long = JSON.stringify({ text: 'Everything that runs between midnight and six. '.repeat(100) });
const short = JSON.stringify({ text: 'Night batch' });
const access: AccessRule = { kind: 'public' };

let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  app = createHttpServer({
    log: createLog({ service: 'notes', level: 'silent' } as never),
    metrics: createMetrics('notes'),
    readiness: () => ({ isReady: true }),
  });
  const answer = (path: string, type: string, body: () => unknown, config: object = {}) =>
    app.get(path, { config: { access, ...config } }, async (_request, reply) =>
      reply.header('etag', '"3"').type(type).send(body()),
    );
  answer('/long', 'application/json; charset=utf-8', () => long);
  answer('/short', 'application/json; charset=utf-8', () => short);
  answer('/tokens', 'application/json; charset=utf-8', () => long, { carriesSecrets: true });
  answer('/bytes', 'application/octet-stream', () => Buffer.from(long));
  answer('/entries', 'application/octet-stream', () => Buffer.from(long), { hasTextInBytes: true });
  answer('/events', 'text/event-stream', () => Readable.from([long]));
  answer('/export', 'application/json', () => Readable.from([long]));
  url = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

const ask = async (path: string, acceptEncoding?: string) => {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  const answer = await request(`${url}${path}`, { headers });
  const { 'content-encoding': coding, etag, vary, 'content-length': length } = answer.headers;
  return { coding, etag, vary, length, bytes: Buffer.from(await answer.body.arrayBuffer()) };
};

const decoders = { gzip: gunzipSync, br: brotliDecompressSync };

test.each([
  ['gzip', 'gzip'],
  ['gzip, deflate, br', 'gzip'],
  ['gzip;q=0.5, br', 'br'],
  ['br', 'br'],
  ['*', 'gzip'],
] as const)('a text over a kilobyte comes to who accepts %s by %s, with a tag of its own', async (accepted, coding) => {
  const answer = await ask('/long', accepted);
  expect({ ...answer, bytes: decoders[coding](answer.bytes).toString() }).toEqual({
    coding,
    etag: `"3-${coding}"`,
    vary: 'accept-encoding',
    length: String(answer.bytes.length),
    bytes: long,
  });
  expect(answer.bytes.length).toBeLessThan(long.length / 2);
});

test.each([undefined, 'identity', 'gzip;q=0', 'deflate', ''])('it comes as it is to who accepts %s', async (accepted) => {
  const { coding, etag, vary, bytes } = await ask('/long', accepted);
  expect({ coding, etag, vary, text: bytes.toString() }).toEqual({
    coding: undefined,
    etag: '"3"',
    vary: 'accept-encoding',
    text: long,
  });
});

test.each(['/short', '/tokens', '/bytes', '/events', '/export'])('%s is never compressed', async (path) => {
  const { coding, etag, vary, bytes } = await ask(path, 'gzip, br');
  expect({ coding, etag, vary, text: bytes.toString() }).toEqual({
    coding: undefined,
    etag: '"3"',
    vary: undefined,
    text: path === '/short' ? short : long,
  });
});

test('bytes that hold texts are compressed', async () => {
  const { coding, bytes } = await ask('/entries', 'gzip');
  expect([coding, gunzipSync(bytes).toString()]).toEqual(['gzip', long]);
});
