import { AppError } from '@guildhall/errors';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  configurationIds,
  createWorld,
  ended,
  id,
  other,
  request,
  urlsOf,
  type World,
} from '../../support/installation-world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const faults: readonly (readonly [string, (world: World) => void, string, string])[] = [
  [
    'a bad database',
    (one) => (one.report = { isUsable: false, faults: [{ code: 'READ_ONLY', detail: 'It takes no writes.' }] }),
    'test_database',
    'READ_ONLY',
  ],
  [
    'what cannot be prepared',
    (one) => (one.prepareFault = new Error('postgres://admin:secret@x')),
    'prepare_database',
    'CANNOT_CREATE_SCHEMAS',
  ],
  [
    'a migration that fails',
    (one) => (one.services.audit.fault = '0003_create_x.up.sql failed: password authentication failed for user "secret"'),
    'migrate_audit',
    'MIGRATION_FAILED',
  ],
  [
    'an administrator who is refused',
    (one) => (one.ownerFault = new AppError('WEAK_PASSWORD', 'The password is too common.')),
    'create_administrator',
    'ADMINISTRATOR_REFUSED',
  ],
];

describe('a run that fails', () => {
  test.each(faults)('%s: nothing stays configured, and the report says what to do', async (_name, plant, step, code) => {
    plant(world);
    const installation = world.startGateway();
    await installation.configure(request);
    const run = await ended(installation);
    expect([run?.status, run?.fault?.code]).toEqual(['failed', code]);
    expect(run?.steps.find(({ status }) => status === 'failed')?.name).toBe(step);
    expect([configurationIds(world), world.records.stored]).toEqual([[null, null, null], null]);
    expect(installation.state()).toMatchObject({ state: 'not_configured', source: null, run: { status: 'failed' } });
    expect(JSON.stringify(run)).not.toContain('secret');
  });

  test.each(faults)('%s: a move leaves the former connection working', async (_name, plant) => {
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    plant(world);
    await installation.configure(other);
    expect(await ended(installation)).toMatchObject({ id: id(2), status: 'failed' });
    expect(configurationIds(world)).toEqual([id(1), id(1), id(1)]);
    const kept = { phase: 'configured', configurationId: id(1), addresses: urlsOf(request.databaseUrl) };
    expect(JSON.parse(world.records.stored?.sealed ?? '')).toEqual(kept);
    // The fault of a service that cannot migrate elsewhere is none where it was.
    world.services.audit.fault = null;
    expect(installation.state()).toMatchObject({ state: 'ready', source: 'installation', run: { status: 'failed' } });
  });

  test('while it has moved nobody, those who use the former connection notice nothing', async () => {
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    world.prepareFault = new Error('not now');
    const states: string[] = [];
    const stop = installation.follow(({ status }) => status === 'running' && states.push(installation.state().state));
    await installation.configure(other);
    await ended(installation);
    stop();
    expect([states.length > 2, new Set(states)]).toEqual([true, new Set(['ready'])]);
  });

  test('once it has moved a service, nobody is served by the former one', async () => {
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    world.services.audit.fault = '0003_create_x.up.sql failed';
    const states: string[] = [];
    installation.follow(({ steps, status }) => {
      if (status === 'running' && steps[2]?.status !== 'pending') states.push(installation.availabilityOf('audit').status);
    });
    await installation.configure(other);
    await ended(installation);
    expect(states).not.toContain('ready');
  });

  test('says so once it can be written down that it did, and then another one can begin', async () => {
    const records = world.createRecords();
    let refusals = 3;
    const installation = world.startGateway({
      records: {
        ...records,
        replace(from, next) {
          if (next.phase === 'configured') throw new Error('the disk is full');
          return records.replace(from, next);
        },
        remove(from) {
          if ((refusals -= 1) >= 0) throw new Error('the disk is full');
          return records.remove(from);
        },
      },
    });
    await installation.configure(request);
    expect(await ended(installation)).toMatchObject({ status: 'failed' });
    expect([refusals, configurationIds(world), world.records.stored]).toEqual([-1, [null, null, null], null]);
    expect(world.lines.filter(({ message }) => message.includes('cannot be restored')).length).toBe(1);
    expect(await installation.configure(other)).toMatchObject({ status: 'running' });
    await ended(installation);
  });

  test('an empty database without an administrator is refused before anything is made there', async () => {
    const installation = world.startGateway();
    await installation.configure({ databaseUrl: request.databaseUrl });
    expect(await ended(installation)).toMatchObject({ status: 'failed', fault: { code: 'ADMINISTRATOR_REQUIRED' } });
    expect(world.databases.get('first')).toEqual({ owners: [], migrated: [] });
  });

  test('a service that dies in the middle is waited for, not for ever', async () => {
    const installation = world.startGateway();
    installation.follow((run) => {
      if (run.steps[3]?.status === 'running') world.services.audit.isUp = false;
    });
    await installation.configure(request);
    const run = await ended(installation);
    expect(run?.fault).toEqual({
      code: 'SERVICE_UNREACHABLE',
      detail: 'The audit service does not answer. Start it, then configure again.',
    });
    expect(Date.parse(run?.endedAt ?? '') - Date.parse(run?.startedAt ?? '')).toBeGreaterThanOrEqual(30_000);
  });

  test('where a service is connected and of no use, it does not say that the service is away', async () => {
    const installation = world.startGateway({
      statusOf: () => ({ status: 'connecting', source: 'installation', configurationId: id(1) }),
    });
    await installation.configure(request);
    expect((await ended(installation))?.fault).toEqual({
      code: 'SERVICE_UNREACHABLE',
      detail: expect.stringMatching(/^The auth service is connected there, but cannot do its work\. Its log says why/) as unknown,
    });
  });

  test('after it, another one can begin', async () => {
    world.prepareFault = new Error('not now');
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    world.prepareFault = null;
    await installation.configure(request);
    expect(await ended(installation)).toMatchObject({ id: id(2), status: 'succeeded' });
  });
});
