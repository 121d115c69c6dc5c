/** The runs of the tests, each a project of vitest: which files are in which. */
export interface TestRun {
  readonly name: string;
  readonly include: string[];
  readonly exclude: string[];
}

const suites = ['{libs,services,programs}/*/test/**', 'tools/**', 'tests/contract/**', 'tests/e2e/**'];
const notOurs = ['**/node_modules/**', '.toolchain/**', '.data/**', '.tmp/**'];
const faultFiles = '*.faults.test.ts';

/** Everything that is answered as fast as the machine can. */
export const quickRun: TestRun = {
  name: 'tests',
  include: suites.map((folder) => `${folder}/*.test.ts`),
  exclude: [...notOurs, `**/${faultFiles}`],
};

/** Parts of the console, beside the run `tests`: its sources have JSX and globs, which Node cannot read by itself. */
export const consoleRun: TestRun = {
  name: 'tests-console',
  include: ['web/test/**/*.test.ts'],
  exclude: [...notOurs, `**/${faultFiles}`],
};

/**
 * The fault tests: they kill or pause processes, break connections, start services, `make` or a command again and again, wait for real
 * time-outs, measure memory, run migrations on rows, draw many values for a property, take much data, or go through every route a second time, by the lane.
 */
export const faultRun: TestRun = {
  name: 'faults',
  include: suites.map((folder) => `${folder}/${faultFiles}`),
  exclude: notOurs,
};

/** The journeys through the console, in a browser. */
export const webRun: TestRun = {
  name: 'web',
  include: ['tests/web/*.test.ts'],
  exclude: notOurs,
};
