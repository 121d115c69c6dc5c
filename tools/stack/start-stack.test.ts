import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { missingAt } from './start-stack.ts';

/** A gateway that answers these bodies. */
const gatewayWith = async (bodies: Readonly<Record<string, object>>): Promise<string> => {
  const server = createServer((request, response) => void response.end(JSON.stringify(bodies[request.url ?? ''] ?? {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('whoever waits for a stack is told which service does not answer', async () => {
  const services = [
    { service: 'auth', status: 'unreachable', detail: 'the service does not answer' },
    { service: 'team-resources', status: 'ready' },
    { service: 'audit', status: 'connecting' },
  ];
  const readiness = { isReady: true, sharedDatabase: { status: 'unavailable' } };
  const gateway = await gatewayWith({ '/readyz': readiness, '/v1/installation': { services } });
  expect(await missingAt(gateway)).toBe('auth is unreachable (the service does not answer), audit is connecting');
});

test('a gateway that reaches all lacks nothing', async () => {
  expect(await missingAt(await gatewayWith({ '/readyz': { sharedDatabase: { status: 'ready' } } }))).toBeNull();
});
