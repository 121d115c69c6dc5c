import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startTcpProxy, waitFor, type TcpProxy } from '../src/index.ts';

const answer = 'x'.repeat(100);
let server: Server;
let serverSide: Set<Socket>;
let askedCount: number;
let proxy: TcpProxy;

/** Answers a hundred letters to each piece it gets. */
beforeEach(async () => {
  serverSide = new Set();
  askedCount = 0;
  server = createServer((socket) => {
    serverSide.add(socket);
    socket.on('data', () => {
      askedCount += 1;
      socket.write(answer);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => serverSide.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: address.port } });
});
afterEach(async () => {
  await proxy.close();
  for (const socket of serverSide) socket.destroy();
  server.close();
});

/** A client that keeps what it heard, and whether it was closed. */
const open = async () => {
  const socket = connect(proxy.port, '127.0.0.1');
  const heard = { text: '', isClosed: false };
  socket.on('data', (bytes: Buffer) => (heard.text += bytes.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (heard.isClosed = true));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, heard };
};
const openAndAsk = async () => {
  const client = await open();
  client.socket.write('?');
  await waitFor(() => client.heard.text === answer, { what: 'the answer' });
  return client;
};
const passes = async (): Promise<boolean> => (await openAndAsk()).heard.text === answer;

test('passes everything on, counts who is connected, and tells either side that the other has gone', async () => {
  const one = await openAndAsk();
  const two = await openAndAsk();
  expect(proxy.connections()).toBe(2);
  one.socket.destroy();
  await waitFor(() => serverSide.size === 1 && proxy.connections() === 1, { what: 'the server to learn it' });
  for (const socket of serverSide) socket.destroy();
  await waitFor(() => two.heard.isClosed && proxy.connections() === 0, { what: 'the client to learn it' });
});

test('its address is that of the server with another port', () => {
  expect(proxy.url('postgres://user:secret@localhost:5432/guildhall')).toBe(
    `postgres://user:secret@127.0.0.1:${proxy.port}/guildhall`,
  );
});

test('cutAll breaks what is open; the next connection passes', async () => {
  const one = await openAndAsk();
  proxy.cutAll();
  await waitFor(() => one.heard.isClosed && serverSide.size === 0, { what: 'both ends to be closed' });
  expect(await passes()).toBe(true);
});

test('close ends everything, whatever the mode', async () => {
  const one = await openAndAsk();
  await proxy.mode('black-hole');
  await proxy.close();
  await waitFor(() => one.heard.isClosed && serverSide.size === 0, { what: 'both ends to be closed' });
  await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

describe('refusing', () => {
  test('is a refused connection, breaks those that are open, and ends on the same port', async () => {
    const before = await openAndAsk();
    await proxy.mode('refuse');
    await waitFor(() => before.heard.isClosed, { what: 'the open one to be broken' });
    await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.mode('pass');
    expect(await passes()).toBe(true);
  });
});

describe('a black hole', () => {
  test('accepts, answers nothing, closes nothing, and lets nobody learn that the other has gone', async () => {
    const before = await openAndAsk();
    await proxy.mode('black-hole');
    const during = await open();
    for (const { socket } of [before, during]) socket.write('?');
    await waitFor(() => proxy.lost() === 2, { what: 'both questions to be swallowed' });
    before.socket.destroy();
    await waitFor(() => proxy.connections() === 1, { what: 'the proxy to learn it' });
    expect({ askedCount, sessions: serverSide.size }).toEqual({ askedCount: 1, sessions: 1 });
    expect(during.heard).toEqual({ text: '', isClosed: false });
  });

  test('that ends passes new connections, tells of those that have gone, and leaves silent what lost something', async () => {
    const gone = await openAndAsk();
    const silent = await openAndAsk();
    await proxy.mode('black-hole');
    silent.socket.write('?');
    gone.socket.destroy();
    await waitFor(() => proxy.connections() === 1, { what: 'one to go' });
    await proxy.mode('pass');
    await waitFor(() => serverSide.size === 1, { what: 'the server to learn it' });
    silent.socket.write('?');
    expect(await passes()).toBe(true);
    expect(silent.heard).toEqual({ text: answer, isClosed: false });
  });
});

test('slow is late by its delay and in order, and what is held comes at once when the slowness ends', async () => {
  await proxy.mode({ slow: { delayMs: 60 } });
  const { socket, heard } = await open();
  const askedAt = performance.now();
  socket.write('?');
  await waitFor(() => heard.text === answer, { what: 'the late answer', intervalMs: 2 });
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(58);

  await proxy.mode({ slow: { delayMs: 60_000 } });
  socket.write('?');
  await waitFor(() => askedCount === 2, { what: 'the server to be asked' });
  await proxy.mode('pass');
  await waitFor(() => heard.text === answer.repeat(2), { what: 'what was held' });
});

test('a slow line takes longer for more bytes', async () => {
  await proxy.mode({ slow: { delayMs: 0, bytesPerSecond: 2_000 } });
  const { socket, heard } = await open();
  const askedAt = performance.now();
  socket.write('?');
  await waitFor(() => heard.text === answer, { what: 'the late answer', intervalMs: 2 });
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(48);
});

test('an answer that is cut comes by half, and then the connection is broken on both sides', async () => {
  const { socket, heard } = await openAndAsk();
  await proxy.mode('cut-mid-answer');
  socket.write('?');
  await waitFor(() => heard.isClosed && serverSide.size === 0, { what: 'both ends to be closed' });
  expect(heard.text).toBe(answer + answer.slice(0, 50));
});
