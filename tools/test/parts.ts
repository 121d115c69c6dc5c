/** The parts of `make test`, in the order in which they run. */
export interface TestPart {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** The seed of property tests; that of tests/property-seed.ts without it. */
  readonly seed?: number;
}

export interface TestRequest {
  /** A project of vitest.config.ts, and those whose names begin with it. */
  readonly run: string;
  /** Parts of the paths of test files, separated by spaces. Empty: every file of the run. */
  readonly only: string;
  /** Part of the titles of tests, suites included. Empty: every test. */
  readonly title: string;
  /** The number of repetitions. */
  readonly repeat: number;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The named files are run whichever run they belong to. */
const testsPart = ({ run, only, title }: TestRequest): TestPart => {
  const files = only.split(' ').filter((file) => file !== '');
  const project = files.length === 0 ? ['--project', `${run}*`] : [];
  const pattern = title === '' ? [] : ['--testNamePattern', escaped(title)];
  return { name: run, command: ['vitest', 'run', ...project, ...files, ...pattern] };
};

const make = (target: string): TestPart['command'] => ['make', '--no-print-directory', target];

/**
 * The whole of `make test` when nothing is singled out; the chosen tests, so many times, when something is. Each repetition draws other
 * values for the property tests.
 */
export const partsOf = (request: TestRequest): readonly TestPart[] => {
  const tests = testsPart(request);
  if (request.repeat > 1) {
    return Array.from({ length: request.repeat }, (_, index) => ({
      ...tests,
      name: `${tests.name}, ${index + 1}`,
      seed: index + 1,
    }));
  }
  if (request.run !== 'tests' || request.only !== '' || request.title !== '') return [tests];
  // The walk of every migration that `make migrate-verify` takes is one of the fault tests (libs/migrate/test/services.faults.test.ts).
  return [{ name: 'check', command: make('check') }, tests];
};

export interface PartResult {
  readonly name: string;
  readonly seconds: number;
  readonly holds: boolean;
}

/** Prints one line per part and one for the whole. */
export const summaryOf = (parts: readonly TestPart[], results: readonly PartResult[]): string => {
  const lines = parts.map(({ name }) => {
    const result = results.find((one) => one.name === name);
    if (result === undefined) return [name, '', 'not run'] as const;
    return [name, `${result.seconds.toFixed(1)} s`, result.holds ? 'green' : 'FAILED'] as const;
  });
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const green = results.filter(({ holds }) => holds).length;
  const whole = ['whole', `${seconds.toFixed(1)} s`, `${green} of ${parts.length} green`] as const;
  return [...lines, whole].map(([name, time, state]) => `  ${name.padEnd(14)} ${time.padStart(9)}  ${state}`).join('\n');
};
