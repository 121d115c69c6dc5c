import { waitFor } from '@guildhall/testkit';
import { communityRoutes } from '@guildhall/contracts';
import { Pool } from 'undici';
import { expect, test } from 'vitest';
import { openProxyDoor } from '../../support/proxy-door.ts';
import { sendJson, startStandIn } from '../../support/stand-in.ts';

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
  const door = await openProxyDoor({
    connections: {
      auth: { dispatcherFor: () => free },
      'team-resources': { dispatcherFor: () => busy },
      audit: { dispatcherFor: () => free },
    },
    limits: { inFlightMax: 5, inFlightPerCallerMax: 4, uploadsMax: 5, uploadsPerUserMax: 5 },
    contract: communityRoutes.listCommunities,
    bodyBytesMax: 1_000,
    serviceOf: ({ url }) => (url === '/quick' ? 'auth' : 'team-resources'),
    caller: () => null,
  });
  const statusOf = async (path: string, from = '198.51.100.3'): Promise<number> =>
    (await fetch(`${door.url}${path}`, { headers: { 'x-from': from } })).status;

  const early = ['1', '1', '1', '1', '2'].map((last) => statusOf('/slow', `198.51.100.${last}`));
  await waitFor(() => asked === 2);
  await waitFor(async () => (await statusOf('/slow')) === 503);
  expect(await statusOf('/slow', '198.51.100.1')).toBe(429);
  expect(await statusOf('/quick', '198.51.100.1')).toBe(200);
  gate.resolve();
  const statuses = await Promise.all(early);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
  expect(await statusOf('/slow')).toBe(200);

  await door.close();
  await Promise.all([busy.destroy(), free.destroy()]);
  await Promise.all([service.stop(), quick.stop()]);
});
