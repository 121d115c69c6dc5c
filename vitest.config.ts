import { defineConfig } from 'vitest/config';
import { faultRun, quickRun } from './tests/runs.ts';

/**
 * `make test` runs the project `tests`, `make test-faults` the project `faults`. Real servers and real processes are slow when
 * two cores are busy: the time-outs are there to end a hang, not to measure.
 */
export default defineConfig({
  test: {
    globalSetup: ['tests/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: ['default'],
    allowOnly: false,
    projects: [
      { extends: true, test: quickRun },
      { extends: true, test: { ...faultRun, sequence: { groupOrder: 1 } } },
    ],
  },
});
