import { defineConfig } from 'vitest/config';
import { consoleRun, faultRun, quickRun, webRun } from './tests/runs.ts';
import { startLimitMs } from './tests/support/start-limit.ts';

/** The tests load sources as the services do: Node strips the types. Vite's transform and its module runner cost 6 % of the processor time. */
const asNodeRuns = { experimental: { viteModuleRunner: false } };

/**
 * The young generation of a worker's heap may grow to four times its default: each of many short requests allocates, and to collect them in
 * small portions costs 15 to 20 % of the processor time.
 */
const withRoomForGarbage = { execArgv: ['--max-semi-space-size=64'] };

/** Some tests wait for a moment: with two workers a core is idle for a quarter of the time, with three for a tenth. Each more loads all modules once more. */
const quickWorkers = { maxWorkers: 4 };

/**
 * `make test` runs the projects `tests` and `tests-console`, `make test-faults` the project `faults`, `make test-web` the project `web`. Real servers and real processes are slow when
 * two cores are busy: the time-outs are there to end a hang, not to measure.
 *
 * The files of `tests`, and those of `faults`, share the modules of their worker, each of which is loaded once a worker and not once a file: that is
 * about half of the processor time of the former. So a test leaves no global changed. The hooks of `faults` start stacks, which end by themselves.
 */
export default defineConfig({
  test: {
    globalSetup: ['tests/global-setup.ts'],
    // Every statement that the tests send is held to the rules for SQL at the end of the run.
    setupFiles: ['tools/sql-check/capture.ts', 'tests/print-evidence.ts', 'tests/property-seed.ts', 'tests/isolation.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: ['default', './tests/reporter.ts', './tools/sql-check/reporter.ts'],
    allowOnly: false,
    projects: [
      { extends: true, test: { ...quickRun, ...asNodeRuns, ...withRoomForGarbage, ...quickWorkers, isolate: false } },
      { extends: true, test: { ...consoleRun, ...quickWorkers, isolate: false } },
      {
        extends: true,
        test: {
          ...faultRun,
          ...asNodeRuns,
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: startLimitMs,
          sequence: { groupOrder: 1 },
        },
      },
      // One after the other: they share one stack and one browser.
      { extends: true, test: { ...webRun, testTimeout: 240_000, sequence: { groupOrder: 2 } } },
    ],
  },
});
