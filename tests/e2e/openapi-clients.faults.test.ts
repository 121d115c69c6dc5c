import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

/** The clients that three generators make of the OpenAPI document. The generators are slow, so this is not part of the quick run. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'guildhall-clients-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const timeout = 240_000;
const env = { ...process.env, CI: '1', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** Runs a program of the packages in the folder; answers its exit code and what it said. */
const run = async (program: string, ...args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> => {
  const file = path.join(root, 'tests/openapi-clients/node_modules/.bin', program);
  return promisify(execFile)(file, [...args], { cwd: folder, env, timeout, maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : -1,
      said: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  );
};

const write = (name: string, content: unknown): void => writeFileSync(path.join(folder, name), JSON.stringify(content));

cpSync(path.join(root, 'services/gateway/openapi.json'), path.join(folder, 'openapi.json'));
write('package.json', { private: true, type: 'module' });

const compile = async (included: string) => {
  write('tsconfig.json', {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
      module: 'esnext',
      moduleResolution: 'bundler',
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      types: [],
    },
    include: [included],
  });
  return run('tsc', '-p', '.');
};

test('redocly finds no error and nothing to warn of', { timeout }, async () => {
  const { code, said } = await run('redocly', 'lint', 'openapi.json');
  expect(said).toContain('Your API description is valid');
  expect(said).not.toMatch(/\d+ warnings?/);
  expect(code).toBe(0);
});

test('redocly would find an error', { timeout }, async () => {
  write('broken.json', { openapi: '3.1.0', info: { title: 'Broken', version: '1' }, paths: { '/a/{b}': { get: {} } } });
  expect((await run('redocly', 'lint', 'broken.json')).code).toBe(1);
});

test.each([
  ['openapi-typescript', 'types.ts', ['openapi-typescript', 'openapi.json', '-o', 'types.ts']],
  ['hey-api', 'hey-api', ['openapi-ts', '-i', 'openapi.json', '-o', 'hey-api']],
  ['orval', 'orval', ['orval', '--input', './openapi.json', '--output', './orval/client.ts', '--client', 'fetch']],
] as const)('the client that %s generates compiles', { timeout }, async (_name, output, [program, ...args]) => {
  const generated = await run(program, ...args);
  expect(generated).toMatchObject({ code: 0 });
  expect(await compile(output)).toEqual({ code: 0, said: '' });
});
