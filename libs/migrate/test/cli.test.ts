import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { freshDatabase, type FreshDatabase } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cli = path.resolve(import.meta.dirname, '../src/cli.ts');
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase({ services: [] });
});
afterAll(() => database.drop());

const run = (parameters: readonly string[], env: NodeJS.ProcessEnv = { DATABASE_URL: database.url }) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...parameters], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
};

describe('the migration command', () => {
  test('explains itself, and fails with the explanation for what it does not know', () => {
    const help = run(['--help']);
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('Usage: node libs/migrate/src/cli.ts <command>');
    const unknown = run(['sideways']);
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('Usage:');
  });

  test('applies, tells and takes back the migrations of a service', () => {
    expect(run(['status', '--service', 'auth']).stdout).toMatch(/^auth: 0 applied, \d+ pending\n {2}0001_\w+ +pending\n/);
    const up = run(['up', '--service', 'auth']);
    expect(up).toMatchObject({ status: 0, stderr: '' });
    expect(up.stdout).toMatch(/^auth: 0001_\w+ up\n(?:auth: \d{4}_\w+ up\n)*Every migration is applied\.\n$/);
    expect(run(['down', '--service', 'auth', '--count', '2']).stdout).toMatch(/^auth: \d{4}_\w+ down\nauth: \d{4}_\w+ down\n$/);
    expect(run(['status', '--service', 'auth']).stdout).toMatch(
      /^auth: \d+ applied, 2 pending\n {2}0001_\w+ +\d{4}-\d\d-\d\dT[\d:.]+Z\n/,
    );
  });

  test.each([
    [['up'], {}, 'DATABASE_URL is missing: the address of the shared database.\n'],
    [['down'], {}, 'down wants --service.\n'],
    [['up', '--service', 'nobody'], {}, 'There is no service nobody: it is one of auth, team-resources, audit, gateway.\n'],
    [['up', '--service', 'auth', '--count', '0'], {}, '--count is a whole number from 1.\n'],
    [['new', '--service', 'auth'], {}, 'new wants --name, in words like add_description_to_scripts.\n'],
    [['new', '--service', 'auth', '--name', 'Add-X'], {}, '"Add-X" is not a plain SQL name.\n'],
  ])('%j fails with one line and exit code 1', (parameters, env, stderr) => {
    expect(run(parameters, env)).toEqual({ status: 1, stdout: '', stderr });
  });

  test('fails when the database is not there', () => {
    const result = run(['up', '--service', 'auth'], { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' });
    expect([result.status, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toContain('ECONNREFUSED');
  });
});
