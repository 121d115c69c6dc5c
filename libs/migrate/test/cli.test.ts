import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freshDatabase, type FreshDatabase } from '@guildhall/testkit';
import { runNode, type ProcessResult } from '@guildhall/testkit/run-node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';

const cli = path.resolve(import.meta.dirname, '../src/cli.ts');
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase({ services: [] });
});
afterAll(() => database.drop());

const run = async (
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = { DATABASE_URL: database.url },
): Promise<ProcessResult> => {
  const printed = { stdout: '', stderr: '' };
  const status = await runCommandLine({
    args: parameters,
    env,
    print: (line) => void (printed.stdout += `${line}\n`),
    printError: (line) => void (printed.stderr += `${line}\n`),
  });
  return { status, ...printed };
};

/** Runs the command as a process of its own, which takes half a second. */
const runProcess = (parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<ProcessResult> =>
  runNode([cli, ...parameters], env);

describe('the migration command', () => {
  test('explains itself, and fails with the explanation for what it does not know', async () => {
    const help = await run(['--help']);
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('Usage: node libs/migrate/src/cli.ts <command>');
    const unknown = await run(['sideways']);
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('Usage:');
  });

  test('applies, tells and takes back the migrations of a service', async () => {
    expect((await run(['status', '--service', 'auth'])).stdout).toMatch(
      /^auth: 0 applied, \d+ pending \(PostgreSQL [\d.]+\)\n {2}migration +applied at +took +checksum\n {2}0001_\w+ +pending +- +-\n/,
    );
    const up = await run(['up', '--service', 'auth']);
    expect(up).toMatchObject({ status: 0, stderr: '' });
    expect(up.stdout).toMatch(
      /^auth: 0001_\w+ up \(\d+ ms\)\n(?:auth: \d{4}_\w+ up \(\d+ ms\)\n)*Every migration is applied\.\n$/,
    );
    expect((await run(['down', '--service', 'auth', '--count', '2'])).stdout).toMatch(
      /^auth: \d{4}_\w+ down \(\d+ ms\)\nauth: \d{4}_\w+ down \(\d+ ms\)\n$/,
    );
    expect((await run(['redo', '--service', 'auth'])).stdout).toMatch(
      /^auth: (\d{4}_\w+) down \(\d+ ms\)\nauth: \1 up \(\d+ ms\)\n$/,
    );
    expect((await run(['status', '--service', 'auth'])).stdout).toMatch(
      /^auth: \d+ applied, 2 pending \(PostgreSQL [\d.]+\)\n.*\n {2}0001_\w+ +\d{4}-\d\d-\d\dT[\d:.]+Z +\d+ ms +same\n/,
    );
  });

  test('prints the SQL that would run, either way, and runs nothing', async () => {
    const { stdout } = await run(['plan', '--service', 'audit', '--count', '1']);
    expect(stdout).toMatch(
      /^-- audit: 1 to run \(PostgreSQL [\d.]+\)\n\n-- 0001_create_audit_events\.up\.sql\n[\s\S]*CREATE TABLE IF NOT EXISTS audit\.audit_events/,
    );
    expect((await run(['plan', '--service', 'audit', '--down'])).stdout).toMatch(/^-- audit: 0 to run/);
    expect((await run(['status', '--service', 'audit'])).stdout).toMatch(/^audit: 0 applied, \d+ pending/);
  });

  test.each(['up', 'down', 'redo', 'status', 'plan', 'new', 'adopt', 'dump', 'verify'])('%s explains itself', async (command) => {
    const help = await run([command, '--help']);
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain(`Usage: node libs/migrate/src/cli.ts ${command} `);
  });

  test.each([
    [
      ['up'],
      { DATABASE_URL: 'postgres://guildhall:replace-me@localhost/guildhall' },
      'DATABASE_URL still has the placeholder of an example as its user or password: put your own in its place.\n',
    ],
    [['up'], {}, 'DATABASE_URL is missing: the address of the shared database.\n'],
    [['up'], { DATABASE_URL_FILE: '/nowhere/url' }, 'DATABASE_URL_FILE cannot be read (ENOENT).\n'],
    [['down'], {}, 'down wants --service.\n'],
    [['up', '--service', 'nobody'], {}, 'There is no service nobody: it is one of auth, team-resources, audit, gateway.\n'],
    [['up', '--service', 'auth', '--count', '0'], {}, '--count is a whole number from 1.\n'],
    [['new', '--service', 'auth'], {}, 'new wants --name, in words like add_description_to_scripts.\n'],
    [['new', '--service', 'auth', '--name', 'Add-X'], {}, '"Add-X" is not a plain SQL name.\n'],
  ])('%j is said wrongly: one line and exit code 2', async (parameters, env, stderr) => {
    expect(await run(parameters, env)).toEqual({ status: 2, stdout: '', stderr });
  });

  test('fails when the database is not there', async () => {
    const result = await run(['up', '--service', 'auth'], { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' });
    expect([result.status, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toContain('ECONNREFUSED');
  });

  test('takes the address from the file that DATABASE_URL_FILE names', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'guildhall-url-')), 'url');
    onTestFinished(() => rmSync(path.dirname(file), { recursive: true }));
    writeFileSync(file, 'postgres://nobody:x@127.0.0.1:1/none\n');
    const result = await run(['up', '--service', 'auth'], { DATABASE_URL_FILE: file });
    expect([result.status, result.stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  });

  test('is a process with the streams and the exit code of the command', async () => {
    const status = await runProcess(['status', '--service', 'auth'], { DATABASE_URL: database.url });
    expect(status).toMatchObject({ status: 0, stderr: '' });
    expect(status.stdout).toMatch(/^auth: \d+ applied, /);
    expect(await runProcess(['down'], {})).toEqual({ status: 2, stdout: '', stderr: 'down wants --service.\n' });
    expect(await runProcess(['up', '--service', 'auth'], { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' })).toMatchObject(
      {
        status: 1,
        stdout: '',
      },
    );
  });
});
