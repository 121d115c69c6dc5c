import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

/** Fewer files than this need no list of the slowest. */
const manyFiles = 20;
const slowestShown = 8;
/** The lines of an error, and the characters of each, that stand beside the command: what is kept of a run is often its end alone. */
const errorLinesMax = 12;
const errorLineCharactersMax = 300;

/** For a shell, inside of which make reads it: `'` is the shell's, `$` is make's. */
const quoted = (text: string): string => `'${text.replaceAll('$', '$$$$').replaceAll("'", String.raw`'\''`)}'`;

/** The command that runs one test, or one file, again. */
export const againCommand = (path: string, title?: string): string =>
  `make test ONLY=${path}${title === undefined ? '' : ` TITLE=${quoted(title)}`}`;

interface Failure {
  readonly message: string;
  /** The expected value beside the received one, with the colours of a terminal. */
  readonly diff?: unknown;
}

/** The command that runs what failed again, with the first lines of why it failed. */
export const failureOf = (command: string, failures: readonly Failure[]): string => {
  const texts = failures.map(({ message, diff }) => (typeof diff === 'string' ? `${message}\n${diff}` : message));
  const lines = texts.flatMap((text) => stripVTControlCharacters(text).split('\n'));
  const shown = lines.filter((line) => line.trim() !== '').slice(0, errorLinesMax);
  return [`  ${command}`, ...shown.map((line) => `      ${line.slice(0, errorLineCharactersMax)}`)].join('\n');
};

const failuresOf = (module: TestModule): readonly string[] => {
  const path = module.relativeModuleId;
  const failed = [...module.children.allTests('failed')].map((test) =>
    failureOf(againCommand(path, test.fullName), test.result().errors ?? []),
  );
  const suites = [module, ...module.children.allSuites()].flatMap((suite) => suite.errors());
  if (suites.length > 0) return [...failed, failureOf(againCommand(path), suites)];
  return failed.length > 0 || module.ok() ? failed : [failureOf(againCommand(path), [])];
};

const slowestOf = (modules: readonly TestModule[]): readonly string[] =>
  modules
    .map((module) => ({ path: module.relativeModuleId, ms: module.diagnostic().duration + module.diagnostic().collectDuration }))
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, slowestShown)
    .map(({ path, ms }) => `${(ms / 1_000).toFixed(1).padStart(9)} s  ${path}`);

const say = (head: string, lines: readonly string[]): void => {
  if (lines.length > 0) process.stdout.write(`\n${head}\n${lines.join('\n')}\n`);
};

/** A title that no test has would otherwise be green. */
const ranNothing = (modules: readonly TestModule[]): boolean =>
  modules.length > 0 &&
  modules.every((module) => [...module.children.allTests()].every((test) => test.result().state === 'skipped'));

/** Says at the end which files took longest, and how to see each failing test again. A run without a test has failed. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.every((module) => module.ok()) && ranNothing(modules)) {
      say('No test was run: no title fits.', ['']);
      process.exitCode = 1;
    }
    if (modules.length >= manyFiles) say('The slowest files:', slowestOf(modules));
    say('To see each failure again:', modules.flatMap(failuresOf));
  }
}
