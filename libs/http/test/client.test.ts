import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { AppError } from '@guildhall/errors';
import { createInternalSigner, createInternalVerifier } from '@guildhall/principal';
import { identityOf } from '@guildhall/testkit';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { answerOf, createInternalClient, type InternalClient } from '../src/index.ts';

const now = (): Date => new Date();
const signer = createInternalSigner({ identity: identityOf('auth'), now });
const verifier = createInternalVerifier({ identity: identityOf('audit'), now });
const answer = answerOf(Type.Object({ waiting: Type.Integer() }, { additionalProperties: false }));
const unavailable = 'The audit service does not answer. Try again shortly.';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const clientOf = (server: Server | TcpServer, timeoutMs = 5_000): InternalClient => {
  const { port } = server.address() as AddressInfo;
  const client = createInternalClient({ baseUrl: `http://127.0.0.1:${port}`, service: 'audit', signer, timeoutMs });
  ends.push(() => client.close());
  return client;
};
const listening = async <S extends Server | TcpServer>(server: S, sockets: ReadonlySet<Socket>): Promise<S> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return server;
};
const answering = async (listener: RequestListener): Promise<Server> => {
  const sockets = new Set<Socket>();
  return listening(
    createServer(listener).on('connection', (socket) => sockets.add(socket)),
    sockets,
  );
};
const mute = async (onData: (socket: Socket) => void): Promise<TcpServer> => {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => onData(socket));
  });
  return listening(server, sockets);
};
const replying = (status: number, body: string, type = 'application/json') =>
  answering((_request, response) => void response.writeHead(status, { 'content-type': type }).end(body));
const refusalOf = async (call: Promise<unknown>): Promise<AppError> => {
  const thrown: unknown = await call.then(
    (value) => new Error(`It answered ${JSON.stringify(value)}.`),
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw thrown;
  return thrown;
};
const seenOf = ({ code, message, retryAfterSeconds }: AppError) => ({ code, message, retryAfterSeconds });
const get = { method: 'GET', path: '/internal/outbox', answer } as const;

describe('the internal client', () => {
  it('shows who it is, carries the request id and the body, and answers what was agreed', async () => {
    const seen: Record<string, unknown>[] = [];
    const server = await answering((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'x-guildhall-service': token, 'x-request-id': requestId, 'content-type': type } = request.headers;
        seen.push({ method: request.method, url: request.url, token, requestId, type, body: Buffer.concat(chunks).toString() });
        response.end('{"waiting":3}');
      });
    });
    const value = await clientOf(server).call({
      ...get,
      method: 'POST',
      path: '/internal/ask',
      body: { ids: ['a'] },
      requestId: 'r-1',
    });
    expect(value).toEqual({ waiting: 3 });
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/internal/ask',
        token: expect.any(String),
        requestId: 'r-1',
        type: 'application/json',
        body: '{"ids":["a"]}',
      },
    ]);
    expect(await verifier.verifyService(String(seen[0]?.['token']))).toBe('auth');
  });

  it('answers nothing for 204', async () => {
    const server = await answering((_request, response) => void response.writeHead(204).end());
    const nothing = answerOf(Type.Null());
    expect(await clientOf(server).call({ ...get, answer: nothing })).toBeNull();
  });

  it('throws the error that the service answered', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      code: 'NOT_FOUND',
      detail: 'No such event.',
      requestId: 'r',
    };
    const server = await replying(404, JSON.stringify(problem), 'application/problem+json');
    expect(seenOf(await refusalOf(clientOf(server).call(get)))).toEqual({
      code: 'NOT_FOUND',
      message: 'No such event.',
      retryAfterSeconds: undefined,
    });
  });

  it('keeps the fields that the service named, and when to come again', async () => {
    const errors = [{ path: '/ids', message: 'must be array' }];
    const problem = {
      type: 'about:blank',
      title: 't',
      status: 503,
      code: 'NOT_CONFIGURED',
      detail: 'Later.',
      requestId: 'r',
      errors,
    };
    const server = await answering(
      (_request, response) => void response.writeHead(503, { 'retry-after': '4' }).end(JSON.stringify(problem)),
    );
    const { code, errors: named, retryAfterSeconds } = await refusalOf(clientOf(server).call(get));
    expect({ code, named, retryAfterSeconds }).toEqual({ code: 'NOT_CONFIGURED', named: errors, retryAfterSeconds: 4 });
  });

  it.each<[string, number, string]>([
    ['another shape than agreed', 200, '{"waiting":"3"}'],
    ['fields that were not agreed', 200, '{"waiting":3,"more":1}'],
    ['no JSON', 200, '<html>'],
    ['nothing', 200, ''],
    ['a fault of its own', 500, '{"code":"INTERNAL","detail":"x"}'],
    ['that it does not know us', 401, '{"code":"UNAUTHENTICATED","detail":"x"}'],
    ['a code that nobody knows', 418, '{"code":"TEAPOT","detail":"x"}'],
    ['a code that is none', 400, '{"code":5}'],
    ['an error page of a proxy', 502, '<html>Bad Gateway</html>'],
    ['a redirect', 302, '{"waiting":3}'],
    ['JSON null as an error', 400, 'null'],
  ])('says SERVICE_UNAVAILABLE when the service answers %s', async (_name, status, body) => {
    const server = await replying(status, body);
    expect(seenOf(await refusalOf(clientOf(server).call(get)))).toEqual({
      code: 'SERVICE_UNAVAILABLE',
      message: unavailable,
      retryAfterSeconds: 1,
    });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['never answers', () => {}],
    ['answers half of a head', (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-')],
    ['answers half of a body', (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"wai')],
    ['hangs up', (socket) => void socket.destroy()],
  ])('gives up on a service that %s', async (_name, onData) => {
    const server = await mute(onData);
    const error = await refusalOf(clientOf(server, 200).call(get));
    expect([error.code, error.message]).toEqual(['SERVICE_UNAVAILABLE', unavailable]);
  });

  it('gives up on a service that drips its answer without end', async () => {
    const drips = await mute((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect((await refusalOf(clientOf(drips, 200).call(get))).code).toBe('SERVICE_UNAVAILABLE');
  });

  it('gives up on an answer that is too large', async () => {
    const server = await replying(200, JSON.stringify({ waiting: 1, filler: 'a'.repeat(5_000_000) }));
    const error = await refusalOf(clientOf(server).call(get));
    expect([error.code, String(error.cause)]).toEqual(['SERVICE_UNAVAILABLE', 'Error: the answer is larger than 4194304 bytes']);
  });

  it('says SERVICE_UNAVAILABLE when nothing listens there, and works once something does', async () => {
    const first = await replying(200, '{"waiting":1}');
    const { port } = first.address() as AddressInfo;
    const client = clientOf(first);
    await new Promise((resolve) => first.close(resolve));
    expect((await refusalOf(client.call(get))).code).toBe('SERVICE_UNAVAILABLE');
    const second = createServer((_request, response) => void response.end('{"waiting":2}'));
    await new Promise<void>((resolve) => second.listen(port, '127.0.0.1', resolve));
    ends.push(async () => {
      second.closeAllConnections();
      await new Promise((resolve) => second.close(resolve));
    });
    expect(await client.call(get)).toEqual({ waiting: 2 });
  });
});
