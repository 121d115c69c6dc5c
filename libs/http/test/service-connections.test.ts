import dns from 'node:dns';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectToService } from '../src/index.ts';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok';

/** A service that deals with the requests of its connections as `onRequest` says: with how many each of them had before. */
const startService = async (onRequest: (socket: Socket, before: number, connection: number) => void, host = '127.0.0.1') => {
  let connections = 0;
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = (connections += 1);
    let before = 0;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      seen.push(`${connection} ${chunk.toString().split(' ', 1)[0]}`);
      onRequest(socket, before, connection);
      before += 1;
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const service = connectToService({ baseUrl: `http://${host}:${port}`, connections: 1, connectTimeoutMs: 200 });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await service.close();
  });
  const send = async (mayBeSentAgain: boolean, method: 'GET' | 'POST' = 'GET'): Promise<string> => {
    const asked = { method, path: '/', body: method === 'POST' ? 'text' : null };
    const { body } = await service.dispatcherFor(mayBeSentAgain).request(asked);
    return body.text();
  };
  return { send, seen };
};

/** Answers the first request of a connection, and ends it without a word with the second. */
const endsKept = (socket: Socket, before: number): void => void (before === 0 ? socket.write(answer) : socket.destroy());

test('what may be sent again goes on a kept connection, and on a new one where that has ended without an answer', async () => {
  const { send, seen } = await startService(endsKept);
  expect([await send(true), await send(true), await send(true, 'POST')]).toEqual(['ok', 'ok', 'ok']);
  expect(seen).toEqual(['1 GET', '1 GET', '2 GET', '3 POST']);
});

test('what may not be sent again has a connection of its own each time, and is never sent twice', async () => {
  const { send, seen } = await startService(endsKept);
  expect([await send(false, 'POST'), await send(false, 'POST')]).toEqual(['ok', 'ok']);
  expect(seen).toEqual(['1 POST', '2 POST']);
  const dying = await startService((socket) => void socket.destroy());
  await expect(dying.send(false, 'POST')).rejects.toThrow(/ECONNRESET|other side closed/);
  expect(dying.seen).toEqual(['1 POST']);
});

test('an answer that broke off is not asked for again, and what fails three times fails', async () => {
  const broken = await startService((socket) => void socket.end(answer.slice(0, -1)));
  await expect(broken.send(true)).rejects.toThrow(/other side closed|terminated|end of file|mismatch/i);
  expect(broken.seen).toEqual(['1 GET']);
  const dying = await startService((socket) => void socket.destroy());
  await expect(dying.send(true)).rejects.toThrow(/ECONNRESET|other side closed/);
  expect(dying.seen).toEqual(['1 GET', '2 GET', '3 GET']);
});

type LookUp = 'found' | 'unknown' | 'unanswered';

/** A service by a name that is looked up for each connection, with these outcomes, and then found: as who keeps the names of containers answers while some of them are replaced. */
const startNamedService = async (outcomes: readonly LookUp[]) => {
  const left = [...outcomes];
  const service = await startService((socket) => void socket.write(answer), 'replicas.test');
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(((
    _name: string,
    _options: object,
    done: (...found: unknown[]) => void,
  ) => {
    const outcome = left.shift() ?? 'found';
    if (outcome === 'found') done(null, [{ address: '127.0.0.1', family: 4 }]);
    if (outcome === 'unknown') done(Object.assign(new Error('getaddrinfo EAI_AGAIN replicas.test'), { code: 'EAI_AGAIN' }));
  }) as typeof dns.lookup);
  onTestFinished(() => spy.mockRestore());
  return { ...service, lookUps: () => spy.mock.calls.length };
};

test('a connection that cannot be opened is tried a second time by another look-up, for every request, as nothing was sent', async () => {
  const { send, seen, lookUps } = await startNamedService(['unknown', 'found', 'unanswered']);
  expect([await send(false, 'POST'), await send(true)]).toEqual(['ok', 'ok']);
  expect([seen, lookUps()]).toEqual([['1 POST', '2 GET'], 4]);
});

test('a name that is never found fails after the second look-up', async () => {
  const { send, lookUps } = await startNamedService(['unknown', 'unknown', 'unknown']);
  await expect(send(false, 'POST')).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  expect(lookUps()).toBe(2);
});
