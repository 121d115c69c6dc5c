import { matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consoleRun, faultRun, quickRun, webRun } from '../tests/runs.ts';
import { filesMatching, type RepositoryFile } from './source/repository.ts';

/** The names of the runs that take a test file. */
const runsOf = (path: string): readonly string[] => {
  const matches = (pattern: string): boolean => matchesGlob(path, pattern);
  return [quickRun, consoleRun, faultRun, webRun]
    .filter((run) => run.include.some(matches) && !run.exclude.some(matches))
    .map(({ name }) => name);
};

/** The run that the name of a test file means. */
const runNamedBy = (path: string): string => {
  if (path.startsWith('tests/web/')) return 'web';
  if (path.endsWith('.faults.test.ts')) return 'faults';
  return path.startsWith('web/test/') ? 'tests-console' : 'tests';
};

/** The calls that the quick run must not contain: they end or freeze a process, break a connection or stop a server. */
const faults = /SIG(?:KILL|STOP)|pg_terminate_backend|'black-hole'|\bstart(?:EmbeddedPostgres|OutageStack|SilentServer)\(/;

/** Quick in spite of such a word, with the reason. */
const quickAnyway: Readonly<Record<string, string>> = {
  'libs/db/test/shared-database.test.ts': 'One statement ends one connection and waits for nothing.',
  'libs/migrate/test/failures.test.ts': 'One statement ends one connection and waits for nothing.',
  'libs/testkit/test/tcp-proxy.test.ts': 'The faults of the proxy itself, each within milliseconds.',
  'tools/test-runs.test.ts': 'The words themselves.',
};

const misplaced = (files: readonly RepositoryFile[]): readonly string[] =>
  files
    .filter(({ path, text }) => faults.test(text) && !path.endsWith('.faults.test.ts') && quickAnyway[path] === undefined)
    .map(({ path, text }) => `${path}: ${faults.exec(text)?.[0]}. Name it *.faults.test.ts, so that \`make test\` stays quick.`);

/** An assertion that a duration is short, which a busy machine makes red. */
const timedAssertion = /(?:performance|Date)\.now\(\) - \w+[^;\n]*(?:toBeLess|< [\d_]+)/;

/** Timed all the same, with the reason. */
const timedAnyway: Readonly<Record<string, string>> = {
  'libs/db/test/database-clock.test.ts': 'It tells two clocks apart that differ by an hour.',
  'tools/test-runs.test.ts': 'The words themselves.',
};

const timed = (files: readonly RepositoryFile[]): readonly string[] =>
  files
    .filter(({ path, text }) => timedAssertion.test(text) && !path.endsWith('.faults.test.ts') && timedAnyway[path] === undefined)
    .map(({ path, text }) => `${path}: ${timedAssertion.exec(text)?.[0]}. Assert what happened, not how soon.`);

/** A reading of the real time in the tests of auth, whose service keeps a logical clock: the two part on a busy machine. */
const readsRealTime = /\bDate\.now\(\)|\bnew Date\(\)/;
const logicalClockTests = 'services/auth/test/{contract,store}/**/*.test.ts';

const testFiles = filesMatching('{libs,services,programs,tests,tools,web}/**/*.test.ts');

/** The paths of the excepted test files in which the words are. */
const pathsWith = (words: RegExp, reasons: Readonly<Record<string, string>>): readonly string[] =>
  testFiles.filter(({ path, text }) => reasons[path] !== undefined && words.test(text)).map(({ path }) => path);

describe('the tests run', () => {
  it('each in exactly one of the runs, by its name', () => {
    expect(testFiles.length).toBeGreaterThan(150);
    const wrong = testFiles.filter(({ path }) => {
      const runs = runsOf(path);
      return runs.length !== 1 || runs[0] !== runNamedBy(path);
    });
    expect(wrong.map(({ path }) => `${path}: ${runsOf(path).join(' and ') || 'no run'}`)).toEqual([]);
  });

  it('apart from what takes processes, connections and servers away', () => {
    expect(misplaced(testFiles)).toEqual([]);
  });

  it('without an assertion on how long something takes', () => {
    expect(timed(testFiles)).toEqual([]);
  });

  it('by one clock where the service keeps a logical one', () => {
    const files = filesMatching(logicalClockTests);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter(({ text }) => readsRealTime.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('in spite of such a word only where it is there, and for a reason', () => {
    expect(pathsWith(faults, quickAnyway)).toEqual(Object.keys(quickAnyway).toSorted());
    expect(pathsWith(timedAssertion, timedAnyway)).toEqual(Object.keys(timedAnyway).toSorted());
  });
});

describe('a planted violation is found:', () => {
  it.each([
    ['services/auth/test/contract/log-in.test.ts', ['tests']],
    ['services/auth/test/contract/log-in.faults.test.ts', ['faults']],
    ['services/auth/src/core/log-in.test.ts', []],
    ['services/auth/node_modules/one/test/a.test.ts', []],
  ])('%s is in %j', (path, runs) => {
    expect(runsOf(path)).toEqual(runs);
  });

  it('a process that is killed in the quick run', () => {
    const text = "child.kill('SIGKILL');";
    expect(misplaced([{ path: 'libs/http/test/killed.test.ts', text }])).toEqual([
      'libs/http/test/killed.test.ts: SIGKILL. Name it *.faults.test.ts, so that `make test` stays quick.',
    ]);
    expect(misplaced([{ path: 'libs/http/test/killed.faults.test.ts', text }])).toEqual([]);
  });

  it('an answer that must come soon', () => {
    const text = 'expect(performance.now() - begun).toBeLessThan(4_500);';
    expect(timed([{ path: 'libs/http/test/soon.test.ts', text }])).toEqual([
      'libs/http/test/soon.test.ts: performance.now() - begun).toBeLess. Assert what happened, not how soon.',
    ]);
    expect(timed([{ path: 'libs/http/test/soon.faults.test.ts', text }])).toEqual([]);
  });
});
