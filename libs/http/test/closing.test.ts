import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { createHttpServer, createMetrics, listen, type Readiness } from '../src/index.ts';
import { listensNoMore } from './fixtures/listens-no-more.ts';
import { memoryLog } from './fixtures/notes-app.ts';
import { openNotes } from './fixtures/open-notes.ts';

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

/** Connects, and sends nothing. */
const connectTo = async (app: FastifyInstance, url: string): Promise<Socket> => {
  const accepted = once(app.server, 'connection');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await accepted;
  return socket;
};

describe('closing', () => {
  it('finishes the request in flight, though its client keeps the connection and goes on', async () => {
    const { url, app, arrived, release } = await openNotes();
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
    const { url, app } = await openNotes();
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
    const { url, app } = await openNotes();
    const socket = await connectTo(app, url);
    const closed = app.close();
    await listensNoMore(url);
    // Longer than a kept connection is kept on while the server closes.
    await delay(400);
    socket.write('GET /v1/notes HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await text(socket)).split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
    await closed;
  });

  it('does not wait for the first request of a client that sends none', async () => {
    const { url, app } = await openNotes();
    const socket = await connectTo(app, url);
    await app.close();
    expect(await text(socket)).toBe('');
  });

  it('does not wait long for connections that are idle', async () => {
    const { url, app } = await openNotes();
    const client = new Agent({ connections: 1 });
    await (await request(`${url}/v1/notes`, { dispatcher: client })).body.dump();
    await app.close();
    await expect(listensNoMore(url)).resolves.toBeUndefined();
    await client.close();
  });
});
