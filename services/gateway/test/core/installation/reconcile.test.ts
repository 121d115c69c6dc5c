import { beforeEach, expect, test } from 'vitest';
import type { Availability } from '../../../src/core/availability/availability.ts';
import type { InstallationControl } from '../../../src/core/installation/installation.ts';
import { driftOf } from '../../../src/core/installation/service-sync.ts';
import { configurationIds, createWorld, ended, request, type World } from '../../support/installation-world.ts';

const first = '00000000-0000-4000-8000-000000000001';

let world: World;
beforeEach(() => {
  world = createWorld();
});
const configured = async (): Promise<InstallationControl> => {
  const installation = world.startGateway();
  await installation.configure(request);
  await ended(installation);
  world.lines.length = 0;
  return installation;
};

test.each([
  [null, { status: 'not_configured', source: null, configurationId: null }, null],
  [null, { status: 'ready', source: 'installation', configurationId: 'theirs' }, 'disconnect'],
  ['ours', { status: 'ready', source: 'installation', configurationId: 'ours' }, null],
  ['ours', { status: 'ready', source: 'installation', configurationId: 'theirs' }, 'connect'],
  ['ours', { status: 'not_configured', source: null, configurationId: null }, 'connect'],
  ['ours', { status: 'ready', source: 'environment', configurationId: null }, null],
  [null, { status: 'ready', source: 'environment', configurationId: null }, null],
  ['ours', { status: 'unreachable' }, null],
  ['ours', { status: 'connecting' }, null],
] satisfies [string | null, Availability, string | null][])(
  'holding %s, a service that says %j is owed %s',
  (held, look, owed) => {
    expect(driftOf(held, look)).toBe(owed);
  },
);

test('a service that started anew is told again, in one line; one that agrees is left alone', async () => {
  const installation = await configured();
  world.services.audit.configuration = null;
  const callsBefore = world.calls;
  await installation.reconcile();
  await installation.reconcile();
  expect([configurationIds(world), world.calls - callsBefore]).toEqual([[first, first, first], 1]);
  expect(world.lines).toEqual([
    {
      level: 'info',
      fields: { of: 'audit', configurationId: first },
      message: 'shared database configuration sent to the service',
    },
  ]);
});

test('while a service is on its way it is connecting, not unconfigured', async () => {
  const installation = await configured();
  world.services.audit.configuration = null;
  expect(installation.availabilityOf('audit').status).toBe('connecting');
  expect(installation.state()).toMatchObject({ state: 'connecting', source: 'installation' });
});

test('a service that does not take it is told of once, however often it is tried', async () => {
  const installation = await configured();
  world.services.audit.configuration = null;
  const look = { status: 'not_configured', source: null, configurationId: null } as const;
  world.services.audit.isUp = false;
  const stubborn = world.startGateway({ statusOf: () => look });
  stubborn.initializeOnStartup();
  for (let round = 0; round < 5; round += 1) await stubborn.reconcile();
  expect(world.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'the shared database configuration could not be sent to the service; retrying',
  ]);
  await installation.close();
});

test('a gateway that starts with a configuration has its services at it, also those that come later', async () => {
  await configured();
  for (const service of Object.values(world.services)) service.configuration = null;
  world.services.auth.isUp = false;
  const installation = world.startGateway();
  installation.initializeOnStartup();
  expect(installation.state()).toMatchObject({ state: 'unavailable', source: 'installation', run: null });
  await installation.reconcile();
  expect(configurationIds(world)).toEqual([null, first, first]);
  world.services.auth.isUp = true;
  await installation.reconcile();
  expect(configurationIds(world)).toEqual([first, first, first]);
  expect(installation.state().state).toBe('ready');
});

test('disconnecting leaves the database as it is and the services without one, and opens the setup again', async () => {
  const installation = await configured();
  world.setup.length = 0;
  expect(await installation.disconnect()).toMatchObject({ state: 'not_configured', source: null });
  expect([configurationIds(world), world.records.stored]).toEqual([[null, null, null], null]);
  expect(world.databases.get('first')?.owners).toEqual(['ada@example.org']);
  await installation.reconcile();
  expect(world.setup).toEqual(['open']);
});

test('a service that was away while the others were disconnected is told when it is back, and counts as unconfigured', async () => {
  const installation = await configured();
  world.services.audit.isUp = false;
  await installation.disconnect();
  world.services.audit.isUp = true;
  expect(installation.availabilityOf('audit').status).toBe('not_configured');
  await installation.reconcile();
  expect(configurationIds(world)).toEqual([null, null, null]);
});

test('the setup opens only where services wait for somebody to configure them', async () => {
  world.services.auth.isByEnvironment = true;
  await world.startGateway().reconcile();
  await world.startGateway({ services: null }).reconcile();
  for (const service of Object.values(world.services)) service.isUp = false;
  await world.startGateway().reconcile();
  expect(world.setup).toEqual([]);
  for (const service of Object.values(world.services)) service.isUp = true;
  world.services.auth.isByEnvironment = false;
  await world.startGateway().reconcile();
  expect(world.setup).toEqual(['open']);
});

test('the state tells no address of a service that does not answer', async () => {
  world.services.auth.isUp = false;
  expect(JSON.stringify(world.startGateway().state())).not.toContain('10.1.2.3');
});
