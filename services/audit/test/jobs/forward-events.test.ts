import { AppError } from '@guildhall/errors';
import { createLog } from '@guildhall/http';
import { waitFor } from '@guildhall/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { ForwardStep } from '../../src/core/forward/forward-events.ts';
import { startForwardingEvents } from '../../src/jobs/forward-events.ts';

const log = createLog({ service: 'audit', level: 'silent' });

/** The job on a forwarder that takes the given steps, and on a clock that the test moves. */
const run = (step: () => ForwardStep) => {
  const seen = { steps: 0, looks: 0, failures: 0 };
  const world = { nowMs: 0, isAway: false };
  const job = startForwardingEvents({
    forwarder: {
      look: async () => {
        seen.looks += 1;
        if (world.isAway) throw new AppError('SHARED_DB_UNAVAILABLE', 'away');
        return { events: 1, seconds: 1, isFree: true };
      },
      step: async () => {
        seen.steps += 1;
        return step();
      },
      release: async () => {},
    },
    abort: () => {},
    isReady: () => true,
    onFailure: () => void (seen.failures += 1),
    onGone: () => {},
    onState: () => {},
    random: () => 0,
    monotonicMs: () => world.nowMs,
    log,
  });
  onTestFinished(() => job.stop());
  return { seen, world };
};

test('a database that is away for a moment does not have the receiver asked again that wants no more', async () => {
  const { seen, world } = run(() => 'gone');
  await waitFor(() => seen.steps === 1);
  world.isAway = true;
  const before = seen.looks;
  await waitFor(() => seen.looks > before, { what: 'a look that fails' });
  world.isAway = false;
  world.nowMs = 3_599_000;
  const later = seen.looks;
  await waitFor(() => seen.looks > later + 1, { what: 'looks after the break' });
  expect(seen).toMatchObject({ steps: 1, failures: 0 });
  world.nowMs = 3_601_000;
  await waitFor(() => seen.steps === 2, { what: 'the receiver to be asked after an hour' });
});
