import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { ServiceName } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createStartupGate, type StartupGate, type Waiter } from '../../src/clients/startup-gate.ts';
import { createUntilKnownFor } from '../../src/wire/until-known.ts';

let gate: StartupGate;
let unknown: ServiceName[];
const longMs = 3_600_000;

const create = (openAfterMs = longMs): StartupGate => {
  unknown = [];
  const limits = { slotsMax: 3, slotsPerHolderMax: 2 };
  gate = createStartupGate({ openAfterMs, onUnknown: (services) => void unknown.push(...services), limits });
  return gate;
};
afterEach(() => gate.close());

const waiter = (more: Partial<Waiter> = {}): Waiter => ({ network: '203.0.113.7', onGone: () => () => {}, ...more });
const hold = (service: ServiceName, more: Partial<Waiter> = {}) =>
  gate.hold(service, waiter(more)).then(
    () => 'goes on',
    (error: unknown) => (isAppError(error) ? error.code : error),
  );

test('who waits for a service goes on when it is known how that is, and nobody waits for it any more', async () => {
  create();
  expect(gate.pending()).toEqual(['auth', 'team-resources', 'audit']);
  const [forAuth, forAudit] = [hold('auth'), hold('audit')];
  gate.open('auth');
  expect([await forAuth, gate.pending(), gate.isPending('auth'), gate.isPending('audit')]).toEqual([
    'goes on',
    ['team-resources', 'audit'],
    false,
    true,
  ]);
  expect(await hold('auth')).toBe('goes on');
  gate.open('audit');
  expect(await forAudit).toBe('goes on');
});

test('after the longest wait everyone goes on, and it is said which services were silent', async () => {
  create(1);
  gate.open('auth');
  expect(await Promise.all([hold('team-resources'), hold('audit')])).toEqual(['goes on', 'goes on']);
  expect([gate.pending(), unknown]).toEqual([[], ['team-resources', 'audit']]);
});

test('a request that has a part without the service goes on after its own time, while others wait', async () => {
  create();
  const other = hold('auth');
  expect(await hold('auth', { atMostMs: 1 })).toBe('goes on');
  expect(gate.isPending('auth')).toBe(true);
  gate.open('auth');
  expect(await other).toBe('goes on');
});

test('too many who wait are refused, first those of one network', async () => {
  create();
  const waiting = [hold('auth'), hold('audit')];
  expect(await hold('auth')).toBe('RATE_LIMITED');
  waiting.push(hold('auth', { network: '198.51.100.1' }));
  expect(await hold('auth', { network: '198.51.100.2' })).toBe('SERVICE_UNAVAILABLE');
  for (const service of ['auth', 'audit'] as const) gate.open(service);
  expect(await Promise.all(waiting)).toEqual(['goes on', 'goes on', 'goes on']);
});

test('a client that goes away while its request waits ends the wait, and makes room', async () => {
  create();
  const [arrived, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
  const server = createServer((raw) => {
    const known = createUntilKnownFor(gate)({ raw, clientAddress: '203.0.113.7' })('auth');
    known?.catch(ended.resolve);
    arrived.resolve();
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await arrived.promise;
  const first = hold('auth');
  expect(await hold('auth')).toBe('RATE_LIMITED');
  client.destroy();
  expect(await ended.promise).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  const second = hold('auth');
  gate.open('auth');
  expect(await Promise.all([first, second])).toEqual(['goes on', 'goes on']);
});

test('a gateway that closes ends every wait, and begins none', async () => {
  create();
  const waiting = [hold('auth'), hold('audit')];
  gate.close();
  expect([await Promise.all(waiting), gate.pending()]).toEqual([['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE'], []]);
  expect(await hold('auth')).toBe('goes on');
});
