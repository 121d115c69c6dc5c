import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { isAppError } from '@guildhall/errors';
import { waitFor } from '@guildhall/testkit';
import { Agent, Pool, request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { forward, forwardLimits, type ForwardLimits } from '../../../src/clients/proxy/forwarder.ts';
import { bufferBody } from '../../../src/clients/proxy/buffered-body.ts';
import { sendRaw, statusesOf } from '../../support/raw-request.ts';
import { readBody, seenOf, sendJson, startStandIn, type StandIn, type StandInAnswer } from '../../support/stand-in.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean();
});

const principal = 'signed by the gateway';

/** A body is passed on as soon as anything of it has come. */
const bufferedBytesMax = 0;

/** A door in front of `upstreamUrl`: forwards everything, answers what forwarding throws by its code. */
const openDoor = async (upstreamUrl: string, limits: Partial<ForwardLimits> = {}, connections = 4) => {
  const pool = new Pool(upstreamUrl, { connections, connect: { timeout: 500 } });
  const outcomes: unknown[] = [];
  const server = createServer((incoming, outgoing) => {
    const ownHeaders = { 'x-request-id': 'r-1', 'x-frame-options': 'DENY', 'x-absent': undefined };
    const passOn = async (): Promise<number> => {
      const body = await bufferBody(incoming, bufferedBytesMax);
      const forwarded = {
        incoming,
        body,
        outgoing,
        requestId: 'r-1',
        addedHeaders: { 'x-guildhall-principal': principal },
        ownHeaders,
        bodyBytesMax: 64 * megabyte,
      };
      return forward(pool, forwarded, { ...forwardLimits, ...limits });
    };
    passOn().then(
      (status) => void outcomes.push(status),
      (error: unknown) => {
        outcomes.push(isAppError(error) ? error.code : error);
        sendJson(outgoing, isAppError(error) ? error.status : 500, { code: isAppError(error) ? error.code : String(error) });
      },
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const client = new Agent({ connections: 1 });
  cleanUp.push(
    () => pool.destroy(),
    () => (server.closeAllConnections(), server.close()),
    () => client.destroy(),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, outcomes, client };
};

const standIn = async (answer: StandInAnswer): Promise<StandIn> => {
  const service = await startStandIn(answer);
  cleanUp.push(service.stop);
  return service;
};
const echo: StandInAnswer = async (incoming, response) => sendJson(response, 200, await seenOf(incoming));

describe('what travels', () => {
  test('a request reaches the service as it was sent, and the answer the client with the gateway’s own headers', async () => {
    const service = await standIn(async (incoming, response) =>
      sendJson(response, 201, await seenOf(incoming), {
        etag: '"1"',
        'keep-alive': 'timeout=9',
        'x-request-id': 'of the service',
      }),
    );
    const { url, client, outcomes } = await openDoor(service.url);
    const answer = await request(`${url}/v1/communities?limit=2&cursor=a%2Fb`, {
      dispatcher: client,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'if-match': '"7"', 'idempotency-key': 'k' },
      body: '{"name":"Nørd"}',
    });
    expect(answer.statusCode).toBe(201);
    expect(await answer.body.json()).toMatchObject({
      method: 'POST',
      url: '/v1/communities?limit=2&cursor=a%2Fb',
      body: '{"name":"Nørd"}',
      headers: {
        'content-type': 'application/json',
        'content-length': '16',
        'if-match': '"7"',
        'idempotency-key': 'k',
        'x-request-id': 'r-1',
        'x-guildhall-principal': principal,
      },
    });
    const { etag, 'x-request-id': requestId, 'x-frame-options': frames, 'content-type': type } = answer.headers;
    expect({ etag, requestId, frames, type }).toEqual({
      etag: '"1"',
      requestId: 'r-1',
      frames: 'DENY',
      type: 'application/json',
    });
    expect(answer.headers['keep-alive']).not.toBe('timeout=9');
    expect(outcomes).toEqual([201]);
  });

  test('credentials, forged internal headers and what belongs to one connection stay at the gateway', async () => {
    const service = await standIn(echo);
    const { url } = await openDoor(service.url);
    const raw = await sendRaw(
      url,
      [
        'GET /v1/auth/me HTTP/1.1',
        'Host: gateway.example',
        'Authorization: Bearer secret',
        'Cookie: session=secret',
        'X-Guildhall-Principal: forged',
        'X-Guildhall-Service: forged',
        'X-Guildhall-Local-Token: secret',
        'X-Request-Id: of-the-client',
        'X-Forwarded-For: 10.0.0.1',
        'Proxy-Authorization: secret',
        'TE: trailers',
        'Upgrade: h2c',
        'HTTP2-SettingsStore: AAMAAABkAAQAAP__',
        'Connection: close, if-match, x-guildhall-principal',
        'If-Match: "1"',
        '',
        '',
      ].join('\r\n'),
    );
    const { headers } = JSON.parse(raw.slice(raw.indexOf('{'), raw.lastIndexOf('}') + 1)) as { headers: Record<string, string> };
    const { host, connection, ...rest } = headers;
    expect(rest).toEqual({
      'if-match': '"1"',
      'x-request-id': 'r-1',
      'x-guildhall-principal': principal,
      // Who connected to the gateway, not what the client says of itself.
    });
    expect(host).toBe(new URL(service.url).host);
    expect(connection).toBe('keep-alive');
  });

  test('a target in absolute form reaches the service as a path', async () => {
    const service = await standIn(echo);
    const { url } = await openDoor(service.url);
    const raw = await sendRaw(url, 'GET http://elsewhere.example/v1/x?y=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(raw).toContain('"url":"/v1/x?y=1"');
  });

  test.each([204, 304])('%i has no body', async (status) => {
    const service = await standIn((_incoming, response) => response.writeHead(status, { etag: '"2"' }).end());
    const { url, client } = await openDoor(service.url);
    const answer = await request(url, { dispatcher: client, method: status === 204 ? 'DELETE' : 'GET' });
    expect([answer.statusCode, answer.headers['etag'], await answer.body.text()]).toEqual([status, '"2"', '']);
  });

  test('HEAD answers the length without the body, and the connection goes on', async () => {
    const service = await standIn((_incoming, response) => response.writeHead(200, { 'content-length': '1000' }).end());
    const { url, client } = await openDoor(service.url);
    for (const _ of [1, 2]) {
      const answer = await request(url, { dispatcher: client, method: 'HEAD' });
      expect([answer.statusCode, answer.headers['content-length'], await answer.body.text()]).toEqual([200, '1000', '']);
    }
  });

  test('an interim answer is not taken for the answer', async () => {
    const service = await standIn((_incoming, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      sendJson(response, 200, { done: true });
    });
    const { url, client } = await openDoor(service.url);
    const answer = await request(url, { dispatcher: client });
    expect([answer.statusCode, await answer.body.json()]).toEqual([200, { done: true }]);
  });

  test('one connection to the service serves many requests', async () => {
    const service = await standIn(echo);
    const { url, client } = await openDoor(service.url, {}, 1);
    for (let index = 0; index < 20; index += 1) await (await request(url, { dispatcher: client })).body.dump();
    expect(service.connections()).toBe(1);
  });
});

const megabyte = 1024 * 1024;
const chunkBytes = 64 * 1024;

describe('streams', () => {
  test('a large body goes through both ways', async () => {
    const service = await standIn((incoming, response) => {
      response.writeHead(200);
      incoming.pipe(response);
    });
    const { url, client } = await openDoor(service.url);
    const chunk = Buffer.alloc(chunkBytes, 'x');
    const body = Readable.from(Array.from({ length: (32 * megabyte) / chunkBytes }, () => chunk));
    const answer = await request(url, { dispatcher: client, method: 'POST', body });
    let bytes = 0;
    for await (const part of answer.body) bytes += (part as Buffer).length;
    expect(bytes).toBe(32 * megabyte);
  });

  test('a client that does not read holds the service back; little is kept in between', async () => {
    let written = 0;
    let isHeldBack = false;
    const service = await standIn((_incoming, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(chunkBytes, 'x');
      const fill = (): void => {
        while (written < 512 * megabyte) {
          written += chunk.length;
          if (!response.write(chunk)) {
            isHeldBack = true;
            return;
          }
        }
      };
      response.on('drain', () => ((isHeldBack = false), fill()));
      fill();
    });
    const { url, outcomes } = await openDoor(service.url);
    const incoming = await new Promise<IncomingMessage>((resolve) => void httpRequest(url).on('response', resolve).end());
    incoming.pause();
    let before = -1;
    await waitFor(
      () => {
        const isStill = isHeldBack && written === before;
        before = written;
        return isStill;
      },
      { what: 'the service to be held back', intervalMs: 60 },
    );
    // The kernel's buffers of two connections, not the answer of half a gigabyte.
    expect(written).toBeLessThan(64 * megabyte);
    incoming.destroy();
    await waitFor(() => outcomes.length === 1);
  });

  test('a client that leaves an answer waiting for too long is cut off, and the service’s connection is free again', async () => {
    let isCut = false;
    const service = await standIn((incoming, response) => {
      response.writeHead(200);
      response.on('close', () => (isCut = true));
      if (incoming.url === '/small') response.end('small');
      else Readable.from(Array.from({ length: 4_000 }, () => Buffer.alloc(chunkBytes))).pipe(response);
    });
    const { url, outcomes } = await openDoor(service.url, { slowClientTimeoutMs: 100 }, 1);
    const incoming = await new Promise<IncomingMessage>((resolve) => void httpRequest(url).on('response', resolve).end());
    incoming.on('error', () => {});
    incoming.pause();
    await waitFor(() => isCut && outcomes.length === 1);
    expect(await (await request(`${url}/small`)).body.text()).toBe('small');
    incoming.destroy();
  });

  test('a client that reads slowly, but reads, gets everything', async () => {
    const service = await standIn((_incoming, response) => {
      response.writeHead(200);
      Readable.from(Array.from({ length: 300 }, () => Buffer.alloc(chunkBytes))).pipe(response);
    });
    const { url } = await openDoor(service.url, { slowClientTimeoutMs: 2_000 });
    const incoming = await new Promise<IncomingMessage>((resolve) => void httpRequest(url).on('response', resolve).end());
    let bytes = 0;
    for await (const part of incoming) {
      bytes += (part as Buffer).length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bytes).toBe(300 * chunkBytes);
  });
});

describe('breaks', () => {
  test('a client that goes away aborts the request at the service', async () => {
    const events: string[] = [];
    const service = await standIn((_incoming, response) => {
      events.push('asked');
      response.on('close', () => events.push(response.writableFinished ? 'answered' : 'aborted'));
    });
    const { url, outcomes } = await openDoor(service.url);
    const outgoing = httpRequest(url).on('error', () => {});
    outgoing.end();
    await waitFor(() => events.length === 1);
    outgoing.destroy();
    await waitFor(() => events.length === 2);
    expect(events).toEqual(['asked', 'aborted']);
    await waitFor(() => outcomes.length === 1);
  });

  test('a client that goes away in the middle of its body leaves the service with a request that broke off', async () => {
    const ends: string[] = [];
    const service = await standIn((incoming) => {
      incoming.on('data', () => {});
      incoming.on('error', () => ends.push('broke off'));
      incoming.on('end', () => ends.push('whole'));
    });
    const { url, outcomes } = await openDoor(service.url);
    const outgoing = httpRequest(url, { method: 'POST', headers: { 'content-length': '1000' } }).on('error', () => {});
    outgoing.write('half');
    await waitFor(() => service.connections() === 1);
    outgoing.destroy();
    await waitFor(() => ends.length === 1 && outcomes.length === 1);
    expect(ends).toEqual(['broke off']);
  });

  test('a service that refuses connections is SERVICE_UNAVAILABLE', async () => {
    const service = await standIn(echo);
    await service.stop();
    const { url, client, outcomes } = await openDoor(service.url);
    const answer = await request(url, { dispatcher: client });
    expect([answer.statusCode, await answer.body.json()]).toEqual([503, { code: 'SERVICE_UNAVAILABLE' }]);
    expect(outcomes).toEqual(['SERVICE_UNAVAILABLE']);
  });

  test.each(['GET', 'POST'] as const)('a %s that the service never answers is SERVICE_UNAVAILABLE', async (method) => {
    const service = await standIn((incoming) => void incoming.resume());
    const { url, client } = await openDoor(service.url, { headersTimeoutMs: 300 });
    const answer = await request(url, { dispatcher: client, method, body: method === 'POST' ? '{}' : null });
    expect([answer.statusCode, await answer.body.json()]).toEqual([503, { code: 'SERVICE_UNAVAILABLE' }]);
  });

  test('a service that breaks off before its head is SERVICE_UNAVAILABLE', async () => {
    const service = await standIn((incoming) => void incoming.socket.destroy());
    const { url, client } = await openDoor(service.url);
    const answer = await request(url, { dispatcher: client, method: 'POST', body: '{}' });
    expect([answer.statusCode, await answer.body.json()]).toEqual([503, { code: 'SERVICE_UNAVAILABLE' }]);
  });

  test('a service that breaks off in the middle of its answer breaks the answer off, never completes it', async () => {
    const service = await standIn((_incoming, response) => {
      response.writeHead(200);
      response.write('half', () => response.destroy());
    });
    const { url, client, outcomes } = await openDoor(service.url);
    const answer = await request(url, { dispatcher: client });
    await expect(answer.body.text()).rejects.toThrow(/other side closed|terminated|aborted/);
    await waitFor(() => outcomes.length === 1);
  });

  test('an answer shorter than its content-length is broken off', async () => {
    const url = await tcpService((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
    const door = await openDoor(url);
    const answer = await request(door.url, { dispatcher: door.client });
    await expect(answer.body.text()).rejects.toThrow(/other side closed|terminated|aborted/);
  });

  test('what is no HTTP is SERVICE_UNAVAILABLE', async () => {
    const door = await openDoor(await tcpService((socket) => socket.end('220 mail.example ESMTP\r\n')));
    expect((await request(door.url, { dispatcher: door.client })).statusCode).toBe(503);
  });

  test('a service that refuses while the client still sends: the client reads the refusal, and its connection goes on', async () => {
    const service = await standIn((incoming, response) => {
      if (incoming.method === 'GET') return echo(incoming, response);
      sendJson(response, 413, { code: 'TOO_LARGE' });
      return incoming.resume();
    });
    const raw = await sendLarge((await openDoor(service.url)).url, 8 * megabyte);
    expect(statusesOf(raw)).toEqual([413, 200]);
    expect(raw).toContain('"url":"/next"');
  });

  test('a service that closes on a client that still sends does not take the client’s connection with it', async () => {
    const service = await standIn((incoming, response) =>
      incoming.method === 'GET' ? echo(incoming, response) : sendJson(response, 413, {}, { connection: 'close' }),
    );
    const [first, second] = statusesOf(await sendLarge((await openDoor(service.url)).url, 8 * megabyte));
    expect([413, 503]).toContain(first);
    expect(second).toBe(200);
  });

  test.each(['a length', 'chunks'])(
    'a service that answers while an upload in %s stalls: the answer says that the connection closes, and it does',
    async (framing) => {
      const service = await standIn((incoming, response) => {
        incoming.resume();
        sendJson(response, 413, { code: 'TOO_LARGE' });
      });
      const { url, outcomes } = await openDoor(service.url);
      const [header, part] =
        framing === 'chunks' ? ['Transfer-Encoding: chunked', '4\r\nxxxx\r\n'] : ['Content-Length: 1000', 'xxxx'];
      const raw = await sendRaw(url, `POST /stalls HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n${part}`);
      expect(statusesOf(raw)).toEqual([413]);
      expect(raw.toLowerCase()).toContain('\r\nconnection: close\r\n');
      expect(raw).toContain('TOO_LARGE');
      expect(outcomes).toEqual([413]);
    },
  );

  test('a stalled upload whose rest comes in time keeps its connection', async () => {
    let hasAnswered = false;
    const service = await standIn((incoming, response) => {
      if (incoming.method === 'GET') return echo(incoming, response);
      incoming.resume();
      hasAnswered = true;
      return sendJson(response, 413, { code: 'TOO_LARGE' });
    });
    const { url } = await openDoor(service.url);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    cleanUp.push(() => socket.destroy());
    let raw = '';
    socket.on('data', (chunk: Buffer) => (raw += chunk.toString('latin1')));
    socket.write('POST /pauses HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nxxxx');
    await waitFor(() => hasAnswered);
    socket.write('xxxxGET /next HTTP/1.1\r\nHost: a\r\n\r\n');
    await waitFor(() => statusesOf(raw).length === 2);
    expect(statusesOf(raw)).toEqual([413, 200]);
  });
});

const sendLarge = (url: string, bytes: number): Promise<string> =>
  sendRaw(
    url,
    `POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );

const tcpService = async (answer: (socket: Socket) => void): Promise<string> => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('two readings of one message', () => {
  const smuggled = 'GET /internal/secret HTTP/1.1\r\nHost: a\r\n\r\n';
  test.each([
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 44\r\n'],
    ['a list of lengths', 'Content-Length: 0, 44\r\n'],
    ['length and chunks', 'Content-Length: 44\r\nTransfer-Encoding: chunked\r\n'],
    ['chunks in disguise', 'Content-Length: 44\r\nTransfer-Encoding: xchunked\r\n'],
    ['chunks named twice', 'Transfer-Encoding: chunked, chunked\r\nContent-Length: 44\r\n'],
    ['a space before the colon', 'Content-Length : 44\r\nTransfer-Encoding : chunked\r\n'],
    ['a folded line', 'X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\n'],
    ['a signed length', 'Content-Length: +44\r\n'],
    ['a hexadecimal length', 'Content-Length: 0x2c\r\n'],
  ])('%s never make the service see a second request', async (_name, headers) => {
    const urls: string[] = [];
    const service = await standIn(async (incoming, response) => {
      urls.push(incoming.url ?? '');
      await readBody(incoming);
      sendJson(response, 200, {});
    });
    const { url } = await openDoor(service.url, {}, 1);
    const raw = await sendRaw(url, `POST /v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n0\r\n\r\n${smuggled}`);
    expect(urls.filter((seen) => seen !== '/v1/x')).toEqual([]);
    expect(statusesOf(raw).length).toBeLessThanOrEqual(1);
  });

  test('a request hidden in a body stays a body', async () => {
    const service = await standIn(echo);
    const { url } = await openDoor(service.url, {}, 1);
    for (const method of ['GET', 'DELETE', 'POST']) {
      const raw = await sendRaw(
        url,
        `${method} /v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      );
      expect(statusesOf(raw)).toEqual([200]);
      expect(raw).toContain('"url":"/v1/x"');
    }
  });
});
