import { serviceNames, systemRoutes, type SystemMigrations, type SystemServices } from '@guildhall/contracts';
import { waitFor } from '@guildhall/testkit';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, fromOutside, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startStandInTeam, type StandInTeam } from '../support/team.ts';

const Services = Compile(systemRoutes.getSystemServices.responses[200]);
const Migrations = Compile(systemRoutes.getSystemMigrations.responses[200]);
const process = {
  instanceId: '44444444-4444-4444-8444-444444444444',
  startedAt: '2026-01-31T08:30:00.000Z',
  version: '0.0.9',
  pool: { open: 3, inUse: 1, waiting: 0 },
  queues: [{ name: 'outbox', waiting: 2, failed: null, oldestSeconds: 1.5 }],
};
const keys = [{ id: 'k1', status: 'current', createdAt: '2026-01-31T08:30:00.000Z', retiredAt: null, changesAt: null }];
const applied = { name: '0001_a', appliedAt: '2026-01-31T08:30:00.000Z', tookMs: 4, checksum: 'same' };
const pending = { name: '0002_b', appliedAt: null, tookMs: null, checksum: 'pending' };

let team: StandInTeam;
let gateway: TestGateway;
const read = async <T>(what: 'services' | 'migrations', token?: string): Promise<T> => {
  const headers = token === undefined ? {} : fromOutside;
  const { status, body } = await ask(`${gateway.url}/v1/system/${what}`, { token, headers });
  expect(status).toBe(200);
  expect([...(what === 'services' ? Services : Migrations).Errors(body)]).toEqual([]);
  return body as T;
};
beforeAll(async () => {
  team = await startStandInTeam();
  for (const service of serviceNames) {
    team.internals.set(`${service} /internal/process`, process);
    team.internals.set(`${service} /internal/migrations`, { fault: null, items: [applied, pending] });
  }
  team.internals.set('auth /internal/signing-keys', { keys });
  gateway = await startTestGateway(team.env);
  await waitFor(async () => (await read<SystemServices>('services')).services.every(({ status }) => status === 'ready'));
});
afterAll(() => gateway.stop().then(team.stop));

describe('GET /v1/system/services', () => {
  test('tells whoever may read it how each service is', async () => {
    const token = await team.issuer.sign({ userId: 'root', permissions: ['system:read'] });
    const { services, signingKeys, unread } = await read<SystemServices>('services', token);
    const { instanceId: _id, ...shown } = process;
    const since = expect.stringMatching(/Z$/);
    const lane = { connections: expect.any(Number), callsInFlight: 0, calls: expect.any(Number) };
    expect(services).toEqual(
      serviceNames.map((service) => ({ service, status: 'ready', since, checkedAt: since, replicas: 1, lane, ...shown })),
    );
    expect([signingKeys, unread]).toEqual([keys, []]);
  });

  test("takes this machine's user, also with a token that gives no right to it", async () => {
    const token = await team.issuer.sign({ userId: 'member', permissions: [] });
    const answers = await Promise.all([{}, { token }].map((asked) => ask(`${gateway.url}/v1/system/services`, asked)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('counts processes of a service that answer by turns', async () => {
    const other = { ...process, instanceId: '55555555-5555-4555-8555-555555555555' };
    team.internals.set('audit /internal/process', other);
    await read('services');
    const { services } = await read<SystemServices>('services');
    expect(services.map(({ replicas }) => replicas)).toEqual([1, 1, 2]);
  });
});

test('GET /v1/system/migrations tells what was applied in each schema and in the solo file', async () => {
  const { schemas, unread } = await read<SystemMigrations>('migrations');
  const shared = { applied: 1, pending: 1, fault: null, items: [applied, pending] };
  expect(schemas.slice(1)).toEqual(serviceNames.map((service) => ({ service, ...shared })));
  expect(schemas[0]).toMatchObject({ service: 'solo', pending: 0, fault: null });
  expect(schemas[0]?.items[0]).toMatchObject({ checksum: 'same', tookMs: expect.any(Number) });
  expect(unread).toEqual([]);
});

describe('while a service is away', () => {
  test('the others are answered, and it is named', async () => {
    await team.services['team-resources'].stop();
    const { services, unread } = await read<SystemServices>('services');
    const reason = 'The team-resources service does not answer. Try again shortly.';
    expect(unread).toEqual([{ part: 'team-resources', reason }]);
    expect(services.map(({ version }) => version)).toEqual(['0.0.9', null, '0.0.9']);
    const { schemas, unread: missing } = await read<SystemMigrations>('migrations');
    expect(schemas.map(({ service }) => service)).toEqual(['solo', 'auth', 'audit']);
    expect(missing).toEqual(unread);
    await waitFor(async () => {
      const seen = (await read<SystemServices>('services')).services[1];
      return seen?.status === 'unreachable' && seen.detail === 'the service does not answer';
    });
  });

  test("this machine's user is answered without auth", async () => {
    await team.services.auth.stop();
    const { unread, signingKeys } = await read<SystemServices>('services');
    expect(unread.map(({ part }) => part)).toEqual(['auth', 'team-resources', 'signing keys']);
    expect(signingKeys).toBeNull();
  });
});

test('a gateway that works solo has no services, and the migrations of its file', async () => {
  const alone = await startTestGateway();
  const services = await ask(`${alone.url}/v1/system/services`);
  const migrations = await ask(`${alone.url}/v1/system/migrations`);
  await alone.stop();
  expect(services.body).toMatchObject({ services: [], signingKeys: null, unread: [] });
  expect((migrations.body as SystemMigrations).schemas.map(({ service }) => service)).toEqual(['solo']);
});
