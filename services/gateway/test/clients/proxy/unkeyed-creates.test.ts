import type { IncomingMessage } from 'node:http';
import { scriptRoutes, type RouteContract } from '@guildhall/contracts';
import { connectToService } from '@guildhall/http';
import { expect, onTestFinished, test } from 'vitest';
import { openProxyDoor } from '../../support/proxy-door.ts';
import { readBody, sendJson, startStandIn } from '../../support/stand-in.ts';

const keyOf = ({ headers }: IncomingMessage): string => String(headers['idempotency-key'] ?? 'no key');

/** A service that reads the first request and closes its connection without an answer, as one that stops may. */
const openDoor = async (contract: RouteContract) => {
  const keys: string[] = [];
  const ports: unknown[] = [];
  const service = await startStandIn(async (request, response) => {
    ports.push(request.socket.remotePort);
    await readBody(request);
    if (keys.push(keyOf(request)) === 1) request.socket.destroy();
    else sendJson(response, 201, {});
  });
  const connections = connectToService({ baseUrl: service.url, connections: 2, connectTimeoutMs: 1_000 });
  const caller = { userId: 'u', sessionId: 's', displayName: 'Ada', email: 'ada@example.org', permissions: [] };
  const door = await openProxyDoor({
    connections: { auth: connections, 'team-resources': connections, audit: connections },
    limits: { inFlightMax: 5, inFlightPerCallerMax: 5, uploadsMax: 5, uploadsPerUserMax: 5 },
    contract,
    bodyBytesMax: 1_000_000,
    serviceOf: () => 'team-resources',
    caller: () => caller,
  });
  onTestFinished(async () => {
    await door.close();
    await connections.close();
    await service.stop();
  });
  return { keys, ports, send: async (init: RequestInit): Promise<number> => (await fetch(door.url, init)).status };
};

test('a create without a key whose connection broke is sent again under a key of the gateway', async () => {
  const { keys, send } = await openDoor(scriptRoutes.createScript);
  expect(await send({ method: 'POST', body: 'x'.repeat(40_000) })).toBe(201);
  expect(keys).toEqual([keys[0], keys[0]]);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test('each create has a key of its own, and the key of the client is left as it is', async () => {
  const { keys, send } = await openDoor(scriptRoutes.createScript);
  await send({ method: 'POST', body: 'one' });
  await send({ method: 'POST', body: 'one' });
  expect(new Set(keys).size).toBe(2);
  await send({ method: 'POST', body: 'one', headers: { 'idempotency-key': 'mine' } });
  expect(keys.at(-1)).toBe('mine');
});

test('a change that has no key is not sent again, nor is a create whose body is streamed', async () => {
  const patch = await openDoor(scriptRoutes.updateScript);
  expect(await patch.send({ method: 'PATCH', body: 'x', headers: { 'if-match': '"1"' } })).toBe(503);
  expect(patch.keys).toEqual(['no key']);
  const long = await openDoor(scriptRoutes.createScript);
  expect(await long.send({ method: 'POST', body: 'x'.repeat(400_000) })).toBe(503);
  expect(long.keys).toEqual(['no key']);
});

test('a create whose body is streamed goes on a connection of its own, whoever gave it its key', async () => {
  const { ports, send } = await openDoor(scriptRoutes.createScript);
  const long = { method: 'POST', body: 'x'.repeat(400_000) };
  // The connection of the first one breaks; the second one leaves a connection that is kept.
  for (const body of ['one', 'two']) expect(await send({ method: 'POST', body })).toBe(201);
  const before = new Set(ports);
  for (const headers of [{}, { 'idempotency-key': 'mine' }] as const) expect(await send({ ...long, headers })).toBe(201);
  expect(before.size).toBe(3);
  expect(new Set(ports).size).toBe(5);
});
