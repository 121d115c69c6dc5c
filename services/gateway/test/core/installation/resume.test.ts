import { beforeEach, describe, expect, test } from 'vitest';
import type { InstallationControl } from '../../../src/core/installation/installation.ts';
import { configurationIds, createWorld, ended, other, request, urlsOf, type World } from '../../support/installation-world.ts';

const first = '00000000-0000-4000-8000-000000000001';

let world: World;
beforeEach(() => {
  world = createWorld();
});

const untilDead = async (): Promise<void> => {
  for (let turns = 0; !world.isDead; turns += 1) {
    if (turns > 10_000) throw new Error('The process was to die, and did not.');
    await new Promise((resolve) => void setImmediate(resolve));
  }
};

/** How many calls outside a whole run takes, those that look before it included. */
const callsOfOneRun = async (): Promise<number> => {
  const whole = createWorld();
  const installation = whole.startGateway();
  await installation.configure(request);
  await ended(installation);
  return whole.calls;
};

const restart = (): InstallationControl => {
  world.diesAt = null;
  const installation = world.startGateway();
  installation.initializeOnStartup();
  return installation;
};

describe('a process that dies in a run', () => {
  test.each(['before', 'after'] as const)(
    '%s any call outside goes on with it at its next start, and does each thing once',
    async (when) => {
      // The calls that look whether every service answers come before the claim: dying there leaves nothing to go on with.
      const lookingBefore = 3;
      const calls = await callsOfOneRun();
      expect(calls).toBeGreaterThan(12);
      for (let call = lookingBefore + 1; call <= calls; call += 1) {
        world = createWorld();
        world.diesAt = { call, when };
        const dying = world.startGateway();
        void dying.configure(request);
        await untilDead();
        const run = await ended(restart());
        expect([call, run?.id, run?.status, run?.fault]).toEqual([call, first, 'succeeded', null]);
        expect(world.databases.get('first')).toEqual({
          owners: ['ada@example.org'],
          migrated: ['auth', 'team-resources', 'audit'],
        });
        expect(configurationIds(world)).toEqual([first, first, first]);
        expect(JSON.parse(world.records.stored?.sealed ?? '')).toEqual({
          phase: 'configured',
          configurationId: first,
          addresses: urlsOf(request.databaseUrl),
        });
      }
    },
  );

  test('before the claim leaves nothing behind', async () => {
    world.diesAt = { call: 2, when: 'after' };
    void world.startGateway().configure(request);
    await untilDead();
    const installation = restart();
    expect([installation.state().run, world.records.stored]).toEqual([null, null]);
  });

  test('while it moves, and finds the new place bad at its next start: back to the former', async () => {
    const installation = world.startGateway();
    await installation.configure(request);
    await ended(installation);
    world.diesAt = { call: world.calls + 8, when: 'after' };
    void installation.configure(other);
    await untilDead();
    world.report = { faults: [{ code: 'ACCESS_DENIED', detail: 'The password is not good any more.' }] };
    const run = await ended(restart());
    expect([run?.status, run?.fault?.code]).toEqual(['failed', 'ACCESS_DENIED']);
    expect(configurationIds(world)).toEqual([first, first, first]);
  });

  test('and finds the database away at its next start waits for it', async () => {
    world.diesAt = { call: 8, when: 'after' };
    void world.startGateway().configure(request);
    await untilDead();
    world.report = { faults: [{ code: 'UNREACHABLE', detail: 'Nobody answers there.' }] };
    const installation = restart();
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
    expect(installation.state().run?.status).toBe('running');
    world.report = {};
    expect(await ended(installation)).toMatchObject({ status: 'succeeded' });
  });
});

test('closing in the middle of a run leaves it to the next start', async () => {
  const installation = world.startGateway();
  const closed = Promise.withResolvers<void>();
  installation.follow((run) => {
    if (run.steps[3]?.status === 'running') installation.close().then(closed.resolve, closed.reject);
  });
  await installation.configure(request);
  await closed.promise;
  expect([installation.state().run?.status, world.records.stored?.phase]).toEqual(['running', 'configuring']);
  expect(await ended(restart())).toMatchObject({ id: first, status: 'succeeded' });
});

test('a record that does not open is told of, left alone, and makes way for another configuration', async () => {
  world.records.stored = { configurationId: first, phase: 'configured', sealed: 'not to be opened' };
  const installation = restart();
  await installation.reconcile();
  expect([configurationIds(world), world.records.stored.sealed, world.lines.map(({ level }) => level)]).toEqual([
    [null, null, null],
    'not to be opened',
    ['error'],
  ]);
  await installation.configure(request);
  expect(await ended(installation)).toMatchObject({ status: 'succeeded' });
});
