import { once } from 'node:events';
import type { Socket } from 'node:net';
import { waitFor } from '@guildhall/testkit';
import { expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { LaneFailure, laneProtocol, type LaneAnswer, type LaneCall } from '../src/index.ts';
import { goodbye, writeAnswer, writeHello } from '../src/protocol.ts';
import { callOf } from './support/calls.ts';
import { answerTo, rawUpgrade, startLaneClient, startLaneService, startUpgrading, type TestLaneClient } from './support/lane.ts';

/** The answer to a call that an open lane takes. */
const call = (client: Pick<TestLaneClient, 'call'>, made: LaneCall) => {
  const pending = client.call(made);
  if (pending === undefined) throw new Error('No lane is open.');
  return pending;
};

/** The first call that an opening lane takes. */
const firstCall = async (client: Pick<TestLaneClient, 'call'>) => {
  let pending: ReturnType<typeof client.call>;
  await waitFor(() => (pending = client.call(callOf('echo'))) !== undefined);
  return pending ?? expect.unreachable('No lane is open.');
};

const reasonOf = (pending: { readonly answer: Promise<LaneAnswer> }): Promise<unknown> =>
  pending.answer.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof LaneFailure ? error.reason : error),
  );

/** A service that answers a call when it is told to, and keeps the calls that came. */
const heldService = async (parts: Parameters<typeof startLaneService>[1] = {}) => {
  const held: { readonly call: LaneCall; readonly answer: () => void; readonly isAbandoned: () => boolean }[] = [];
  const service = await startLaneService((made, isAbandoned) => {
    if (made.operation === 'other') return Promise.resolve(answerTo(made));
    const { promise, resolve } = Promise.withResolvers<LaneAnswer>();
    held.push({ call: made, answer: () => resolve(answerTo(made)), isAbandoned });
    return promise;
  }, parts);
  const client = startLaneClient(service.url);
  await client.ready();
  return { service, client, held };
};

/** A server of WebSockets that says what a test wants. */
const scripted = async (talk: (socket: WebSocket, bare: Socket) => void) => {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => laneProtocol });
  return startUpgrading((request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (accepted) => talk(accepted, socket)),
  );
};

test('calls of one turn travel as one message, are performed at once, and each gets its own answer', async () => {
  const service = await startLaneService();
  const client = startLaneClient(service.url);
  await client.ready();
  let messages = 0;
  service.sockets[0]?.on('data', () => (messages += 1));
  const bodies = Array.from({ length: 50 }, (_each, index) => String(index));
  const answers = await Promise.all(bodies.map((body) => call(client, callOf('echo', { body })).answer));
  expect(answers).toEqual(bodies.map((body) => answerTo(callOf('echo', { body }))));
  expect(messages).toBeLessThan(5);
});

test('a call arrives whole', async () => {
  let seen: LaneCall | undefined;
  const service = await startLaneService(async (made) => {
    seen = made;
    return answerTo(made);
  });
  const client = startLaneClient(service.url);
  await client.ready();
  const whole: LaneCall = {
    operation: 'echo',
    requestId: 'request-7',
    params: { noteId: 'ü/%2F' },
    query: { limit: '3', tag: ['a', 'b'] },
    body: '{"text":"\\u2028"}',
    caller: { principal: { userId: 'ada' } },
    headers: { 'if-match': '"3"' },
  };
  await call(client, whole).answer;
  expect(seen).toEqual(whole);
});

test('without an open connection a call is not taken; one is opened meanwhile', async () => {
  const service = await startLaneService();
  const client = startLaneClient(service.url);
  expect(client.call(callOf('echo'))).toBeUndefined();
  await client.ready();
  expect(await reasonOf(call(client, callOf('echo')))).toBe(200);
});

test('an operation that the service does not offer is not taken', async () => {
  const service = await startLaneService();
  const client = startLaneClient(service.url);
  await client.ready();
  expect(client.call(callOf('unheard-of'))).toBeUndefined();
});

test('a service that speaks another version, or none, gets no call, is told once, and is asked again with a pause', async () => {
  const other = await scripted((socket) => socket.close());
  const client = startLaneClient(other.url);
  await waitFor(() => client.call(callOf('echo')) === undefined && client.failures.length > 0);
  const { length } = client.failures;
  await waitFor(() => client.call(callOf('echo')) === undefined && client.failures.length === length);
  expect(client.failures).toHaveLength(1);
});

test('a service answers 426 with the version that it speaks to a gateway of another', async () => {
  const service = await startLaneService();
  const socket = rawUpgrade(service.url, 'guildhall-lane.0, chat');
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(bytes.toString()).toBe(
    `HTTP/1.1 426 Upgrade Required\r\nsec-websocket-protocol: ${laneProtocol}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
  );
  await once(socket, 'close');
});

test('a service that dies fails its calls in flight as broken, and later calls are not taken', async () => {
  const { service, client, held } = await heldService();
  const pending = [call(client, callOf('echo')), call(client, callOf('echo'))];
  await waitFor(() => held.length === 2);
  await service.kill();
  expect(await Promise.all(pending.map(reasonOf))).toEqual(['broken', 'broken']);
  expect(client.call(callOf('echo'))).toBeUndefined();
  await waitFor(() => held.every(({ isAbandoned }) => isAbandoned()));
});

test('a connection that is cut in the middle of an answer fails its calls as broken', async () => {
  const half = await scripted((socket, bare) => {
    socket.send(writeHello({ operations: ['echo', 'other'], callsMax: 10 }));
    socket.on('message', () => {
      // The header of a message of 100 bytes (RFC 6455, section 5.2), and its first three.
      bare.end(Buffer.from([0x81, 100, 0x5b, 0x5b, 0x31]));
    });
  });
  const client = startLaneClient(half.url);
  expect(await reasonOf(await firstCall(client))).toBe('broken');
});

test.each([
  ['no JSON', '[[1,'],
  ['no message of the lane', '{"unheard":"of"}'],
])('a service that sends %s loses the connection, and its calls fail as broken', async (_what, text) => {
  const fault = await scripted((socket) => {
    socket.send(writeHello({ operations: ['echo'], callsMax: 10 }));
    socket.on('message', () => socket.send(text));
  });
  const client = startLaneClient(fault.url);
  expect(await reasonOf(await firstCall(client))).toBe('broken');
});

test('a gateway that sends half a message is cut off with 1002, and nothing is performed', async () => {
  const { service, held } = await heldService();
  const socket = rawUpgrade(service.url);
  await once(socket, 'data');
  const text = Buffer.from('[[1,"echo","r",{},');
  const mask = Buffer.from([1, 2, 3, 4]);
  const masked = text.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, masked]));
  const closed = once(socket, 'close');
  await waitFor(() => service.faults.length === 1);
  socket.destroy();
  await closed;
  expect(String(service.faults[0])).toBe('ProtocolFault: A message is not JSON.');
  expect(held).toEqual([]);
});

test('a message that is longer than the bound closes the connection before it is read', async () => {
  const { service, client } = await heldService();
  const body = 'a'.repeat(3 * 1024 * 1024);
  expect(await reasonOf(call(client, callOf('echo', { body })))).toBe('broken');
  expect(String(service.faults[0])).toContain('Max payload size exceeded');
});

test('an answer that is too long for the lane is refused as long, and so is one that goes another way', async () => {
  const service = await startLaneService(async (made) => {
    if (made.operation === 'other') return answerTo(made);
    return made.body === null ? 'long' : { status: 200, headers: {}, text: 'a'.repeat(8 * 1024 * 1024 + 1) };
  });
  const client = startLaneClient(service.url);
  await client.ready();
  expect(await reasonOf(call(client, callOf('echo', { body: '{}' })))).toBe('long');
  expect(await reasonOf(call(client, callOf('echo')))).toBe('long');
  await client.ready();
});

test('the longest answer arrives whole', async () => {
  const text = 'a'.repeat(8 * 1024 * 1024);
  const service = await startLaneService(async (made) => ({ ...answerTo(made), text: made.operation === 'other' ? null : text }));
  const client = startLaneClient(service.url);
  await client.ready();
  expect((await call(client, callOf('echo')).answer).text === text).toBe(true);
});

test('as many calls are taken as the service says; the next is refused as full at once, and taken again after an answer', async () => {
  const { client, held } = await heldService({ callsMax: 2 });
  const taken = [call(client, callOf('echo')), call(client, callOf('echo'))];
  expect(() => client.call(callOf('echo'))).toThrow(LaneFailure);
  await waitFor(() => held.length === 2);
  held[0]?.answer();
  expect(await taken[0]?.answer).toMatchObject({ status: 200 });
  expect(await reasonOf(call(client, callOf('other')))).toBe(200);
  held[1]?.answer();
});

test('a service refuses what comes beyond its bound, also calls that took the place of cancelled ones', async () => {
  const { client, held } = await heldService({ callsMax: 1 });
  const first = call(client, callOf('echo'));
  await waitFor(() => held.length === 1);
  first.abandon();
  expect(await reasonOf(call(client, callOf('echo')))).toBe('full');
  expect(held).toHaveLength(1);
});

test('a call that throws is refused as failed, told, and takes nothing with it', async () => {
  const service = await startLaneService(async (made) => {
    if (made.body === 'throw') throw new Error('planted');
    return answerTo(made);
  });
  const client = startLaneClient(service.url);
  await client.ready();
  const pending = [call(client, callOf('echo', { body: 'throw' })), call(client, callOf('echo'))];
  expect(await Promise.all(pending.map(reasonOf))).toEqual(['failed', 200]);
  expect(service.faults.map(String)).toEqual(['Error: planted']);
});

test('a call that is given up is cancelled at the service, and its answer is not sent', async () => {
  const { client, held, service } = await heldService();
  const pending = call(client, callOf('echo'));
  await waitFor(() => held.length === 1);
  pending.abandon();
  pending.abandon();
  await waitFor(() => held[0]?.isAbandoned());
  let bytes = 0;
  const [socket] = service.sockets;
  if (socket === undefined) throw new Error('No connection was opened.');
  const write = vi.spyOn(socket, 'write');
  held[0]?.answer();
  await client.ready();
  for (const [chunk] of write.mock.calls) bytes += (chunk as Buffer).length;
  // The one answer is that of the call by which the test knows that the lane goes on.
  expect(bytes).toBeLessThan(200);
});

test('a call that is not answered in time fails as late and is cancelled; others of a service that speaks go on', async () => {
  const { service, held } = await heldService();
  const client = startLaneClient(service.url, { callTimeoutMs: 60 });
  await client.ready();
  const pending = call(client, callOf('echo'));
  let isOver = false;
  const late = reasonOf(pending).finally(() => void (isOver = true));
  await waitFor(async () => {
    await client.ready();
    return isOver;
  });
  expect(await late).toBe('late');
  await waitFor(() => held[0]?.isAbandoned());
  await client.ready();
  expect(service.sockets).toHaveLength(2);
});

test('a connection by which nothing came while a call waited is cut off: its peer may be gone without a word', async () => {
  const { service } = await heldService();
  const client = startLaneClient(service.url, { callTimeoutMs: 40 });
  await client.ready();
  const before = service.sockets.length;
  expect(await reasonOf(call(client, callOf('echo')))).toBe('late');
  await client.ready();
  expect(service.sockets).toHaveLength(before + 1);
});

test('a service that stops says goodbye, answers what is under way, and is closed by the gateway; nothing fails', async () => {
  const { service, client, held } = await heldService();
  const pending = [call(client, callOf('echo')), call(client, callOf('echo'))];
  await waitFor(() => held.length === 2);
  let isClosed = false;
  const closed = service.lane.close().then(() => (isClosed = true));
  await waitFor(() => client.call(callOf('echo')) === undefined);
  expect(isClosed).toBe(false);
  for (const { answer } of held) answer();
  expect(await Promise.all(pending.map(reasonOf))).toEqual([200, 200]);
  await closed;
  expect(service.faults).toEqual([]);
});

test('calls that cross the goodbye on their way are answered', async () => {
  let open: WebSocket | undefined;
  const service = await scripted((socket) => {
    open = socket;
    socket.send(writeHello({ operations: ['echo'], callsMax: 10 }));
    socket.once('message', () => {
      socket.send(goodbye);
      socket.send(`[${writeAnswer(1, answerTo(callOf('echo')))}]`);
    });
  });
  const client = startLaneClient(service.url);
  expect(await reasonOf(await firstCall(client))).toBe(200);
  await waitFor(() => open?.readyState === 3);
});

test('a service that stops cuts off a gateway whose call does not end', async () => {
  const { service, client, held } = await heldService({ drainMs: 20 });
  const pending = reasonOf(call(client, callOf('echo')));
  await waitFor(() => held.length === 1);
  await service.lane.close();
  expect(await pending).toBe('broken');
});

test('a service that stops takes no further connection', async () => {
  const service = await startLaneService();
  await service.lane.close();
  const socket = rawUpgrade(service.url);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(bytes.toString().split('\r\n')[0]).toBe('HTTP/1.1 503 Service Unavailable');
});

test('a client that closes lets its calls be answered, and takes no further ones', async () => {
  const { client, held } = await heldService();
  const pending = call(client, callOf('echo'));
  await waitFor(() => held.length === 1);
  const closed = client.close();
  expect(client.call(callOf('echo'))).toBeUndefined();
  held[0]?.answer();
  expect(await reasonOf(pending)).toBe(200);
  await closed;
});

test('an old connection is replaced by a new one, without a failed call: a replica that was added gets its share', async () => {
  const service = await startLaneService();
  const client = startLaneClient(service.url, { connectionAgeMs: 20 });
  await client.ready();
  const answers: unknown[] = [];
  await waitFor(async () => {
    answers.push(await reasonOf(call(client, callOf('echo'))));
    return service.sockets.length >= 4;
  });
  expect(new Set(answers)).toEqual(new Set([200]));
  await waitFor(() => service.sockets.filter(({ destroyed }) => !destroyed).length <= 2, { what: 'old connections to end' });
});

test('a service ends a connection that has lived its time: its opener proves anew who it is', async () => {
  const service = await startLaneService(undefined, { connectionAgeMs: 20 });
  const client = startLaneClient(service.url);
  await waitFor(async () => {
    await client.ready();
    return service.sockets.length > 1;
  });
  await waitFor(() => service.sockets[0]?.destroyed);
  expect(service.faults).toEqual([]);
});

test('the credentials travel with each connection, not with calls', async () => {
  const seen: unknown[] = [];
  const service = await startUpgrading(({ headers }, socket) => {
    seen.push(headers['x-credential']);
    socket.destroy();
  });
  const client = startLaneClient(service.url);
  await waitFor(() => client.call(callOf('echo')) === undefined && client.failures.length === 1);
  expect(seen[0]).toBe('secret');
});
