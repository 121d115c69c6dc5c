import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { againCommand, failureOf } from '../../tests/reporter.ts';
import { partsOf, summaryOf } from './parts.ts';

const nothing = { run: 'tests', only: '', title: '', repeat: 1 };
const commands = (request: Partial<typeof nothing>): readonly string[] =>
  partsOf({ ...nothing, ...request }).map(({ command }) => command.join(' '));

it('make test checks and runs the tests', () => {
  expect(commands({})).toEqual(['make --no-print-directory check', 'vitest run --project tests*']);
});

it('make test-faults runs its tests alone', () => {
  expect(commands({ run: 'faults' })).toEqual(['vitest run --project faults*']);
});

it('ONLY runs the named files, whichever run they belong to, and TITLE the tests of that title', () => {
  expect(commands({ only: 'tests/e2e/outage libs/db' })).toEqual(['vitest run tests/e2e/outage libs/db']);
  expect(commands({ title: 'is it (so)?' })).toEqual([String.raw`vitest run --project tests* --testNamePattern is it \(so\)\?`]);
});

it('REPEAT runs the same tests so many times', () => {
  expect(commands({ repeat: 3, only: 'libs/db' })).toEqual(['vitest run libs/db', 'vitest run libs/db', 'vitest run libs/db']);
});

it('each repetition has a seed of its own for the property tests, and a plain run the usual one', () => {
  expect(partsOf({ ...nothing, repeat: 3 }).map(({ seed }) => seed)).toEqual([1, 2, 3]);
  expect(partsOf(nothing).map(({ seed }) => seed)).toEqual([undefined, undefined]);
  expect(fc.readConfigureGlobal().seed).toBe(Number(process.env['PROPERTY_SEED'] ?? '1'));
});

it('the summary says how long each part took, and which was not reached', () => {
  const parts = ['check', 'migrations', 'tests'].map((name) => ({ name, command: [name] as const }));
  expect(
    summaryOf(parts, [
      { name: 'check', seconds: 58.23, holds: true },
      { name: 'migrations', seconds: 4, holds: false },
    ]),
  ).toBe(
    [
      '  check             58.2 s  green',
      '  migrations         4.0 s  FAILED',
      '  tests                     not run',
      '  whole             62.2 s  1 of 3 green',
    ].join('\n'),
  );
});

it('a failing test is run again by a command that a shell and make read as its title', () => {
  expect(againCommand('libs/db/test/a.test.ts')).toBe('make test ONLY=libs/db/test/a.test.ts');
  expect(againCommand('libs/db/test/a.test.ts', "costs $5, and that's it")).toBe(
    String.raw`make test ONLY=libs/db/test/a.test.ts TITLE='costs $$5, and that'\''s it'`,
  );
});

it('beside that command stand the first lines of why it failed, without colours', () => {
  const diff = `\u001B[32m- []\u001B[39m\n${Array.from({ length: 40 }, (_, line) => `+ ${line}`).join('\n')}`;
  const [command, ...lines] = failureOf('make test ONLY=a', [{ message: `not equal ${'x'.repeat(500)}`, diff }]).split('\n');
  expect(command).toBe('  make test ONLY=a');
  expect(lines).toHaveLength(12);
  expect(lines[0]).toHaveLength(306);
  expect(lines.slice(1, 3)).toEqual(['      - []', '      + 0']);
});
