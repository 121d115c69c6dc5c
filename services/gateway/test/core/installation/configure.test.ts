import { AppError } from '@guildhall/errors';
import { serviceNames } from '@guildhall/contracts';
import { beforeEach, describe, expect, test } from 'vitest';
import { configurationIds, createWorld, ended, urlsOf, type World } from '../../support/installation-world.ts';

const administrator = { email: 'ada@example.org', password: 'a long enough password', displayName: 'Ada' };
const request = { databaseUrl: 'postgres://admin:secret@first/guildhall', administrator };
const other = { databaseUrl: 'postgres://admin:secret@second/guildhall', administrator };
const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

let world: World;
beforeEach(() => {
  world = createWorld();
});

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe('configure', () => {
  test('takes every step, and tells how each ended', async () => {
    const installation = world.startGateway();
    installation.initializeOnStartup();
    expect(await installation.configure(request)).toMatchObject({ id: id(1), status: 'running', fault: null });
    const run = await ended(installation);
    expect(run).toEqual({
      id: id(1),
      status: 'succeeded',
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: expect.stringMatching(/^2026-01-01T/),
      steps: [
        { name: 'test_database', status: 'done', detail: 'PostgreSQL 18.1' },
        { name: 'prepare_database', status: 'done' },
        { name: 'migrate_auth', status: 'done', detail: '3 of 3 migrations' },
        { name: 'migrate_team-resources', status: 'done', detail: '3 of 3 migrations' },
        { name: 'migrate_audit', status: 'done', detail: '3 of 3 migrations' },
        { name: 'create_administrator', status: 'done', detail: 'made' },
        { name: 'connect', status: 'done' },
      ],
      fault: null,
      warnings: [],
    });
    expect([configurationIds(world), world.databases.get('first')]).toEqual([
      [id(1), id(1), id(1)],
      { owners: ['ada@example.org'], migrated: ['auth', 'team-resources', 'audit'] },
    ]);
    expect(installation.state()).toMatchObject({ state: 'ready', source: 'installation' });
  });

  test('keeps what the services use, not the address with all rights and nobody’s password', async () => {
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    const kept = { phase: 'configured', configurationId: id(1), addresses: urlsOf(request.databaseUrl) };
    expect(JSON.parse(world.records.stored?.sealed ?? '')).toEqual(kept);
    expect(world.setup).toEqual(['close']);
  });

  test('the same request joins the run under way, another one is refused; of two at once one wins', async () => {
    const installation = world.startGateway();
    const [first, same, another] = await Promise.allSettled([
      installation.configure(request),
      installation.configure({ ...request }),
      installation.configure(other),
    ]);
    expect([first.status, same.status]).toEqual(['fulfilled', 'fulfilled']);
    expect([first, same].map((one) => one.status === 'fulfilled' && one.value.id)).toEqual([id(1), id(1)]);
    expect(another.status === 'rejected' && (another.reason as AppError).code).toBe('CONFLICT');
    const changedPassword = { ...request, administrator: { ...administrator, password: 'another long password' } };
    expect(await refusal(installation.configure(changedPassword))).toBe('CONFLICT');
    await ended(installation);
    expect([...world.databases.keys()]).toEqual(['first']);
  });

  test('two gateways over one file: one claims it, the other is refused', async () => {
    const [one, two] = [world.startGateway(), world.startGateway()];
    one.initializeOnStartup();
    two.initializeOnStartup();
    const results = await Promise.allSettled([one.configure(request), two.configure(other)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('a move to another database leaves the services there', async () => {
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    await installation.configure(other);
    expect(await ended(installation)).toMatchObject({ id: id(2), status: 'succeeded' });
    expect(configurationIds(world)).toEqual([id(2), id(2), id(2)]);
  });

  test('a database with an owner needs no administrator, and keeps its owner', async () => {
    world.databases.set('first', { owners: ['grace'], migrated: [...serviceNames] });
    const installation = world.startGateway();
    await installation.configure({ databaseUrl: request.databaseUrl });
    const run = await ended(installation);
    expect(run?.steps[5]).toEqual({ name: 'create_administrator', status: 'done', detail: 'it has an owner already' });
    expect(world.databases.get('first')?.owners).toEqual(['grace']);
  });

  test('a service that starts anew in the middle is told again', async () => {
    const installation = world.startGateway();
    installation.follow((run) => {
      if (run.steps[4]?.status === 'running') world.services.auth.configuration = null;
    });
    await installation.configure(request);
    expect(await ended(installation)).toMatchObject({ status: 'succeeded' });
    expect(configurationIds(world)).toEqual([id(1), id(1), id(1)]);
  });
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
    (one) => (one.ownerFault = new AppError('UNPROCESSABLE', 'The password is too common.')),
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
    expect(world.lines.filter(({ message }) => message.includes('written down')).length).toBe(1);
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

describe('what cannot begin', () => {
  test('without services there is nothing to connect, and it says how to start them', async () => {
    const installation = world.startGateway({ services: null });
    const refusals = await Promise.all(
      [installation.configure(request), installation.test(request), installation.disconnect()].map(refusal),
    );
    expect(refusals).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT']);
    await expect(installation.configure(request)).rejects.toThrow('AUTH_URL');
  });

  test('where the environment names the database, nothing changes by HTTP', async () => {
    world.services.audit.isByEnvironment = true;
    const installation = world.startGateway();
    const refusals = await Promise.all(
      [installation.configure(request), installation.test(request), installation.disconnect()].map(refusal),
    );
    expect([refusals, world.calls]).toEqual([['CONFLICT', 'CONFLICT', 'CONFLICT'], 0]);
  });

  test('while a service does not answer nothing begins', async () => {
    world.services.audit.isUp = false;
    const installation = world.startGateway();
    expect(await refusal(installation.configure(request))).toBe('SERVICE_UNAVAILABLE');
    expect([world.records.stored, installation.state().run]).toEqual([null, null]);
  });
});
