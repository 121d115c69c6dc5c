import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAppError } from '@guildhall/errors';
import { waitFor } from '@guildhall/testkit';
import { communityRoutes } from '@guildhall/contracts';
import { Pool } from 'undici';
import { expect, test } from 'vitest';
import { createProxy } from '../../../src/clients/proxy/proxy-request.ts';
import { sendJson, startStandIn } from '../../support/stand-in.ts';

const contract = communityRoutes.listCommunities;

test('beyond so many requests under way to a service further ones are refused at once, those of one address earlier; other services go on', async () => {
  const gate = Promise.withResolvers<void>();
  let asked = 0;
  const service = await startStandIn(async (_request, response) => {
    asked += 1;
    await gate.promise;
    sendJson(response, 200, {});
  });
  const quick = await startStandIn((_request, response) => sendJson(response, 200, {}));
  const busy = new Pool(service.url, { connections: 2 });
  const free = new Pool(quick.url);
  const pass = createProxy({
    lanes: {},
    onFallback: () => {},
    connections: {
      auth: { dispatcherFor: () => free },
      'team-resources': { dispatcherFor: () => busy },
      audit: { dispatcherFor: () => free },
    },
    signer: { signPrincipal: async () => 'signed', signClient: async () => 'signed' },
    limits: { inFlightMax: 5, inFlightPerCallerMax: 4, uploadsMax: 5, uploadsPerUserMax: 5 },
    eventStreams: { add: () => () => {} },
    onAnswered: () => {},
    onUnavailable: () => {},
    begin: () => () => {},
  });
  const door = createServer((raw, reply) => {
    const name = raw.url === '/quick' ? 'auth' : 'team-resources';
    const request = { raw, id: 'r', clientAddress: String(raw.headers['x-from']), headers: raw.headers, params: {}, query: {} };
    pass(
      name,
      request,
      { raw: reply, getHeaders: () => ({}) },
      { caller: null, communityPermissions: [], isStillAdmitted: async () => true },
      { contract, bodyBytesMax: 1_000 },
    ).catch((error: unknown) => sendJson(reply, isAppError(error) ? error.status : 500, {}));
  });
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
  const statusOf = async (path: string, from = '198.51.100.3'): Promise<number> =>
    (await fetch(`${url}${path}`, { headers: { 'x-from': from } })).status;

  const early = ['1', '1', '1', '1', '2'].map((last) => statusOf('/slow', `198.51.100.${last}`));
  await waitFor(() => asked === 2);
  await waitFor(async () => (await statusOf('/slow')) === 503);
  expect(await statusOf('/slow', '198.51.100.1')).toBe(429);
  expect(await statusOf('/quick', '198.51.100.1')).toBe(200);
  gate.resolve();
  const statuses = await Promise.all(early);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
  expect(await statusOf('/slow')).toBe(200);

  door.closeAllConnections();
  await new Promise((resolve) => void door.close(resolve));
  await Promise.all([busy.destroy(), free.destroy()]);
  await Promise.all([service.stop(), quick.stop()]);
});
