import { parseIpNetwork } from '@guildhall/resources';
import Fastify from 'fastify';
import { Client } from 'undici';
import { expect, test } from 'vitest';
import { addClientAddress } from '../../src/routes/client-address.ts';

test('requests of several clients by one connection of a proxy have an address each', async () => {
  const app = Fastify();
  const local = parseIpNetwork('127.0.0.0/8');
  addClientAddress(app, local === null ? [] : [local]);
  app.get('/', async ({ clientAddress }) => clientAddress);
  const connection = new Client(await app.listen({ host: '127.0.0.1', port: 0 }));
  const ask = async (forwardedFor?: string): Promise<string> => {
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
    return await (await connection.request({ path: '/', method: 'GET', headers })).body.text();
  };
  const seen: string[] = [];
  for (const forwardedFor of ['203.0.113.7', '203.0.113.8', '203.0.113.8', undefined, '203.0.113.7'])
    seen.push(await ask(forwardedFor));
  expect(seen).toEqual(['203.0.113.7', '203.0.113.8', '203.0.113.8', '127.0.0.1', '203.0.113.7']);
  await connection.close();
  await app.close();
});
