import * as fc from 'fast-check';
import { installationSteps, type InstallationRun } from '@guildhall/contracts';
import { describe, expect, test } from 'vitest';
import type { Availability } from '../../../src/core/availability/availability.ts';
import {
  configurationOf,
  effectiveIdOf,
  initialState,
  isAwaitingSetup,
  isConfigured,
  lastRunOf,
  recordIdOf,
  reduce,
  type InstallationEvent,
  type InstallationState,
} from '../../../src/core/installation/state.ts';
import { other, request, urlsOf } from '../../support/installation-world.ts';

const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:00:09.000Z';
const configuration = (configurationId: string) => ({ configurationId, addresses: urlsOf(request.databaseUrl) });
const fault = { code: 'UNREACHABLE', detail: 'Nobody answers there.' } as const;

const started = (configurationId: string): InstallationEvent => ({ type: 'run_started', at, configurationId, request: other });
const stored = (configurationId: string): InstallationEvent => ({
  type: 'configuration_stored',
  configuration: configuration(configurationId),
});
const loaded = (configurationId: string): InstallationEvent => ({
  type: 'configuration_loaded',
  configuration: configuration(configurationId),
});
const succeeded: InstallationEvent = { type: 'run_ended', at: later, fault: null };
const failed: InstallationEvent = { type: 'run_ended', at: later, fault };

const after = (...events: readonly InstallationEvent[]): InstallationState => events.reduce(reduce, initialState);
const seenAs = (status: Availability) => () => status;

describe('a run', () => {
  test('that succeeds connects the configuration that it stored', () => {
    const state = after(started('a'), { type: 'services_switched' }, stored('a'), succeeded);
    expect(state).toEqual({
      status: 'connected',
      configuration: configuration('a'),
      lastRun: expect.objectContaining({ id: 'a', status: 'succeeded', startedAt: at, endedAt: later, fault: null }) as unknown,
    });
  });

  test('cannot succeed before it has stored its configuration, nor with another one', () => {
    const running = after(started('a'), stored('b'));
    expect(running).toEqual(after(started('a')));
    expect(reduce(running, succeeded)).toBe(running);
  });

  test('that fails leaves what was connected before it, or nothing', () => {
    expect(after(started('a'), failed)).toMatchObject({ status: 'disconnected', lastRun: { status: 'failed', fault } });
    expect(after(loaded('a'), started('b'), { type: 'services_switched' }, failed)).toMatchObject({
      status: 'connected',
      configuration: configuration('a'),
      lastRun: { id: 'b', status: 'failed' },
    });
  });

  test('replaces a record that cannot be read, and leaves nothing of it when it fails', () => {
    const unreadable: InstallationEvent = { type: 'record_unreadable', configurationId: 'a' };
    expect([recordIdOf(after(unreadable)), recordIdOf(after(unreadable, started('b')))]).toEqual(['a', 'b']);
    expect(after(unreadable, started('b'), failed)).toMatchObject({ status: 'disconnected' });
  });

  test('in progress keeps everything else waiting', () => {
    const running = after(loaded('a'), started('b'));
    for (const event of [started('c'), loaded('c'), { type: 'disconnected' }] as const)
      expect(reduce(running, event)).toBe(running);
  });
});

describe('the configuration that counts', () => {
  const nowhere = seenAs({ status: 'ready', source: 'installation', configurationId: 'a' });
  const arrived = seenAs({ status: 'ready', source: 'installation', configurationId: 'b' });

  test('is the former one until the run switches the first service, also if an earlier process did', () => {
    const moving = after(loaded('a'), started('b'));
    expect(effectiveIdOf(moving, nowhere)).toBe('a');
    expect(effectiveIdOf(reduce(moving, { type: 'services_switched' }), nowhere)).toBe('b');
    expect(effectiveIdOf(moving, arrived)).toBe('b');
  });

  test('is that of the run if nothing was connected, and null for solo work', () => {
    expect(effectiveIdOf(after(started('b')), nowhere)).toBe('b');
    expect(effectiveIdOf(initialState, nowhere)).toBeNull();
  });
});

test('the setup token counts only while nothing is configured', () => {
  const waiting = seenAs({ status: 'not_configured', source: null });
  const silent = seenAs({ status: 'unreachable' });
  const environment = seenAs({ status: 'ready', source: 'environment' });
  expect([waiting, silent, environment].map((statusOf) => isAwaitingSetup(initialState, statusOf))).toEqual([true, false, false]);
  expect([waiting, silent, environment].map((statusOf) => isConfigured(initialState, statusOf))).toEqual([false, false, true]);
  expect(
    [after(started('a')), after(loaded('a'), started('b')), after(loaded('a'))].map((s) => isConfigured(s, waiting)),
  ).toEqual([false, true, true]);
});

const ids = fc.constantFrom('a', 'b', 'c');
const details = fc.constantFrom('1 of 3 migrations', '2 of 3 migrations');
const events: fc.Arbitrary<InstallationEvent> = fc.oneof(
  fc.record({ type: fc.constant('configuration_loaded' as const), configuration: ids.map(configuration) }),
  fc.record({ type: fc.constant('record_unreadable' as const), configurationId: ids }),
  ids.map(started),
  fc.record({
    type: fc.constant('run_started' as const),
    at: fc.constant(at),
    configurationId: ids,
    request: fc.constant(request),
    former: fc.option(ids.map(configuration)),
  }),
  fc.constant({ type: 'services_switched' as const }),
  ids.map(stored),
  fc.constantFrom(...installationSteps).map((step) => ({ type: 'step_started' as const, step })),
  details.map((detail) => ({ type: 'step_progressed' as const, detail })),
  fc.option(details, { nil: undefined }).map((detail) => ({ type: 'step_done' as const, detail })),
  fc.constantFrom('SLOW' as const, 'NO_TLS' as const).map((code) => ({
    type: 'warned' as const,
    warnings: [{ code, detail: 'As it is.' }],
  })),
  fc.constantFrom(succeeded, failed),
  fc.constant({ type: 'disconnected' as const }),
);

/** Expects the invariants of every state. */
const expectConsistent = (state: InstallationState): void => {
  const run = lastRunOf(state);
  if (state.status === 'running') expect([run?.status, run?.id]).toEqual(['running', state.configurationId]);
  else expect(run?.status).not.toBe('running');
  expect(configurationOf(state) !== null).toBe(state.status === 'connected');
  expect(recordIdOf(state) === null).toBe(state.status === 'disconnected');
  if (run !== null) expectConsistentRun(run);
};

const expectConsistentRun = ({ status, endedAt, fault: found, steps, warnings }: InstallationRun): void => {
  expect(steps.map(({ name }) => name)).toEqual(installationSteps);
  expect(endedAt === null).toBe(status === 'running');
  expect(found !== null).toBe(status === 'failed');
  if (status !== 'running') expect(steps.some((step) => step.status === 'running')).toBe(false);
  expect(new Set(warnings.map(({ code }) => code)).size).toBe(warnings.length);
};

/** Expects the invariants of every transition. */
const expectTransition = (before: InstallationState, event: InstallationEvent, state: InstallationState): void => {
  // A run ends once: with what it stored, or with what was connected before it.
  if (before.status === 'running' && state.status !== 'running') {
    expect(event.type).toBe('run_ended');
    const hasSucceeded = lastRunOf(state)?.status === 'succeeded';
    expect(configurationOf(state)).toEqual(hasSucceeded ? before.stored : before.former);
    if (hasSucceeded) expect(before.stored).not.toBeNull();
  }
  // The report of a run that has ended never changes again.
  if (before.status !== 'running' && state.status !== 'running') expect(lastRunOf(state)).toBe(lastRunOf(before));
  const effectiveId = effectiveIdOf(state, seenAs({ status: 'connecting' }));
  const allowed = state.status === 'running' ? [state.configurationId, state.former?.configurationId] : [recordIdOf(state)];
  expect(allowed).toContain(effectiveId);
};

test('whatever happens in whatever order, a state is consistent and only a run changes what is connected', () => {
  const seen = new Set<InstallationState['status']>();
  fc.assert(
    fc.property(fc.array(events, { maxLength: 60 }), (sequence) => {
      let state = initialState;
      for (const event of sequence) {
        const before = state;
        state = reduce(before, event);
        seen.add(state.status);
        expectConsistent(state);
        expectTransition(before, event, state);
      }
    }),
    { numRuns: 500 },
  );
  expect([...seen].toSorted()).toEqual(['connected', 'disconnected', 'running', 'unreadable']);
});
