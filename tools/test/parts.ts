/** A part of `make test`. */
export interface TestPart {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Whether it runs beside the others, at a lower priority, and prints when it has ended. */
  readonly isBeside?: true;
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

const makeBeside = (target: string): TestPart => ({
  name: target,
  command: ['nice', '-n', '5', 'make', '--no-print-directory', target],
  isBeside: true,
});

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
  return [makeBeside('check'), tests];
};

export interface PartResult {
  readonly name: string;
  readonly seconds: number;
  /** Stopped: because another part failed, or by a signal. */
  readonly state: 'green' | 'FAILED' | 'stopped';
}

/** Prints one line per part and one for the whole, which took these seconds. */
export const summaryOf = (parts: readonly TestPart[], results: readonly PartResult[], seconds: number): string => {
  const lines = parts.map(({ name }) => {
    const result = results.find((one) => one.name === name);
    if (result === undefined) return [name, '', 'not run'] as const;
    return [name, `${result.seconds.toFixed(1)} s`, result.state] as const;
  });
  const green = results.filter(({ state }) => state === 'green').length;
  const whole = ['whole', `${seconds.toFixed(1)} s`, `${green} of ${parts.length} green`] as const;
  return [...lines, whole].map(([name, time, state]) => `  ${name.padEnd(14)} ${time.padStart(9)}  ${state}`).join('\n');
};
