import { AppError } from '@guildhall/errors';
import { serviceNames } from '@guildhall/contracts';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  administrator,
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
        { name: 'create_administrator', status: 'done', detail: 'created' },
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
    expect(another.status === 'rejected' && (another.reason as AppError).code).toBe('RUN_IN_PROGRESS');
    const changedPassword = { ...request, administrator: { ...administrator, password: 'another long password' } };
    expect(await refusal(installation.configure(changedPassword))).toBe('RUN_IN_PROGRESS');
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
    expect(run?.steps[5]).toEqual({ name: 'create_administrator', status: 'done', detail: 'the database has an owner already' });
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
    expect([refusals, world.calls]).toEqual([refusals.map(() => 'CONFIGURED_BY_ENVIRONMENT'), 0]);
  });

  test('while a service does not answer nothing begins', async () => {
    world.services.audit.isUp = false;
    const installation = world.startGateway();
    expect(await refusal(installation.configure(request))).toBe('SERVICE_UNAVAILABLE');
    expect([world.records.stored, installation.state().run]).toEqual([null, null]);
  });
});
