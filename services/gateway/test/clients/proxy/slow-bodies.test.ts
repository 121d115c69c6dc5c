import { connect, type Socket } from 'node:net';
import { waitFor } from '@guildhall/testkit';
import { communityRoutes } from '@guildhall/contracts';
import { Pool } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SignedInUser } from '../../../src/core/admission/admit.ts';
import { openProxyDoor } from '../../support/proxy-door.ts';
import { readBody, sendJson, startStandIn, type StandIn } from '../../support/stand-in.ts';

const connections = 3;
const uploadsMax = 2;
const uploadsPerUserMax = 1;
const bufferedBytes = 64 * 1024;
const userOf = (userId: string): SignedInUser => ({
  userId,
  sessionId: 's',
  displayName: userId,
  email: `${userId}@example.org`,
  permissions: [],
});
const ada = userOf('ada');

let service: StandIn;
let asked: string[];
let url: string;
let caller: SignedInUser | null;
let sockets: Socket[];
let close: () => Promise<void>;

/** A door that passes everything to one service with few connections. */
beforeEach(async () => {
  asked = [];
  sockets = [];
  caller = null;
  service = await startStandIn(async (request, response) => {
    asked.push(request.url ?? '');
    const body = await readBody(request).catch(() => null);
    if (body !== null) sendJson(response, 200, { length: body.length });
  });
  const pool = new Pool(service.url, { connections });
  const door = await openProxyDoor({
    connections: {
      auth: { dispatcherFor: () => pool },
      'team-resources': { dispatcherFor: () => pool },
      audit: { dispatcherFor: () => pool },
    },
    limits: { inFlightMax: 50, inFlightPerCallerMax: 50, uploadsMax, uploadsPerUserMax },
    contract: communityRoutes.listCommunities,
    bodyBytesMax: bufferedBytes * 4,
    serviceOf: () => 'auth',
    caller: () => caller,
  });
  url = door.url;
  close = async () => {
    for (const socket of sockets) socket.destroy();
    await door.close();
    await pool.destroy();
    await service.stop();
  };
});
afterEach(() => close());

const post = async (path: string, length: number): Promise<[number, unknown]> => {
  const answer = await fetch(`${url}${path}`, { method: 'POST', body: 'x'.repeat(length) });
  return [answer.status, await answer.json()];
};

/** Sends the beginning of a body and leaves it at that. Answers the connection once the door has it. */
const begin = async (path: string, length: number, sent: number): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  sockets.push(socket);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`);
  await new Promise((resolve) => void socket.once('data', resolve));
  socket.write('x'.repeat(sent));
  return socket;
};

test('clients that send slowly hold up nobody else, and are answered when they are done', async () => {
  const slow: Socket[] = [];
  for (let n = 0; n < connections + 3; n += 1) slow.push(await begin('/slow', 10, 9));
  expect(await post('/quick', 10)).toEqual([200, { length: 10 }]);
  expect(asked).toEqual(['/quick']);
  const answer = new Promise((resolve) => void slow[0]?.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  slow[0]?.write('x');
  expect(await answer).toContain('{"length":10}');
});

test('whoever is not signed in sends no body that is too long to be held', async () => {
  expect(await post('/longest', bufferedBytes)).toEqual([200, { length: bufferedBytes }]);
  expect(await post('/longer', bufferedBytes + 1)).toEqual([413, {}]);
  expect(asked).toEqual(['/longest']);
});

test('long bodies are passed on while they come, few at a time, and leave room for everyone else', async () => {
  caller = ada;
  const upload = await begin('/upload', bufferedBytes * 2, bufferedBytes * 2 - 1);
  await waitFor(() => asked.length === 1);
  caller = userOf('bob');
  await begin('/upload', bufferedBytes * 2, bufferedBytes * 2 - 1);
  await waitFor(() => asked.length === 2);
  caller = userOf('eve');
  expect(await post('/another', bufferedBytes * 2)).toEqual([503, {}]);
  expect(await post('/quick', 10)).toEqual([200, { length: 10 }]);
  upload.write('x');
  await waitFor(async () => (await post('/another', bufferedBytes * 2))[0] === 200);
  expect(asked.slice(0, 3)).toEqual(['/upload', '/upload', '/quick']);
});

test('one user has a share of the uploads, and the others the rest', async () => {
  caller = ada;
  await begin('/upload', bufferedBytes * 2, bufferedBytes * 2 - 1);
  await waitFor(() => asked.length === 1);
  expect(await post('/another', bufferedBytes * 2)).toEqual([429, {}]);
  caller = userOf('bob');
  expect(await post('/other', bufferedBytes * 2)).toEqual([200, { length: bufferedBytes * 2 }]);
  expect(asked).toEqual(['/upload', '/other']);
});

test('a client that goes away in the middle leaves nothing behind', async () => {
  caller = ada;
  (await begin('/gone', 10, 5)).destroy();
  (await begin('/gone', bufferedBytes * 2, bufferedBytes + 1)).destroy();
  const upload = await waitFor(async () => {
    const [status, body] = await post('/upload', bufferedBytes * 2);
    return status === 200 && body;
  });
  expect(upload).toEqual({ length: bufferedBytes * 2 });
});
