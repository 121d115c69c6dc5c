import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const lines = (count: number): string => 'run();\n'.repeat(count);
const functionOf = (count: number): string => `export const call = (run) => {\n${'  run();\n'.repeat(count - 2)}};\n`;

/** Joins words that this file must not contain itself. */
const joined = (...parts: readonly string[]): string => parts.join('');
const testFile = (text: string): string => `import { describe, it } from 'vitest';\n${text}\n`;

/** The rule, the path of the planted file, and its text. */
const violations: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['max-lines', 'services/auth/src/core/long.ts', lines(251)],
  ['max-lines', 'tools/dev/long.ts', lines(251)],
  ['max-lines-per-function', 'libs/db/src/function.ts', functionOf(61)],
  [
    'max-lines-per-function',
    'tests/e2e/nested.ts',
    `export const create = () => {\n${'  run(() => {\n    run();\n  });\n'.repeat(20)}};\n`,
  ],
  ['no-console', 'services/auth/src/core/console.ts', joined('console', '.log(1);')],
  [
    'no-restricted-properties',
    'services/auth/src/core/environment.ts',
    joined('export const isTest = process.env.NODE', "_ENV === 'test';"),
  ],
  ['no-restricted-properties', 'libs/db/src/signal.ts', joined('run(AbortSignal', '.timeout(9));')],
  ['no-warning-comments', 'libs/db/src/todo.ts', joined('// TO', 'DO: later\nrun();')],
  ['no-warning-comments', 'tools/dev/fixme.ts', joined('run(); // FIX', 'ME')],
  ['ban-ts-comment', 'libs/db/src/ignored.ts', joined('// @ts', '-ignore\nrun();')],
  ['ban-ts-comment', 'libs/db/test/expected.ts', joined('// @ts', '-expect-error it is so\nrun();')],
  ['no-disabled-tests', 'libs/db/test/skip.test.ts', testFile(joined('it', ".skip('a', () => {});"))],
  ['no-focused-tests', 'libs/db/test/only.test.ts', testFile(joined('describe', ".only('a', () => {});"))],
  [
    'no-restricted-imports',
    'services/auth/test/contract/blocking.test.ts',
    "import { spawnSync } from 'node:child_process';\nspawnSync('a');",
  ],
  ['warn-todo', 'tools/dev/todo.test.ts', testFile(joined('it', ".todo('a');"))],
];

const permitted: readonly (readonly [path: string, text: string])[] = [
  ['services/auth/src/core/just.ts', lines(250)],
  ['libs/db/src/just-function.ts', functionOf(60)],
  ['services/auth/test/core/long.ts', lines(251)],
  ['tools/dev/long.test.ts', functionOf(61)],
  ['tools/dev/spawn.test.ts', "import { spawn } from 'node:child_process';\nspawn('a');"],
  ['libs/db/test/signal.ts', joined('run(AbortSignal', '.timeout(9));')],
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/** The rules that oxlint reports for each file. A copy of the configuration stands beside the files. */
const lint = async (folder: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const options = ['--format', 'json', '--disable-nested-config', '-c', '.oxlintrc.json', '.'];
  const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), options, { cwd: folder }).catch(
    (error: { readonly stdout: string }) => error,
  );
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
  const byFile = Map.groupBy(diagnostics, ({ filename }) => filename);
  return new Map([...byFile].map(([file, found]) => [file, found.map(({ code }) => /\((.*)\)/.exec(code)?.[1] ?? code)]));
};

describe('oxlint finds a planted violation:', () => {
  let folder = '';
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lint-'));
    await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    for (const [path, text] of [...violations.map(([, ...file]) => file), ...permitted]) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    found = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(violations)('%s in %s', (rule, path) => {
    expect(found.get(path)).toContain(rule);
  });

  it.each(permitted)('but %s is fine', (path) => {
    expect(found.get(path)).toBeUndefined();
  });
});
