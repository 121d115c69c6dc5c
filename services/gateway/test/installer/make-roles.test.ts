import { expect, test } from 'vitest';
import { readRolesConfig } from '../../src/config.ts';
import { makeRoles } from '../../src/wire/make-roles.ts';
import { codeOf, emptyDatabase, execute, makeUser } from '../support/databases.ts';
import { droppingAfterEach } from '../support/prepared-databases.ts';

const opened = droppingAfterEach();

/** The settings of the command for a database, with a password for each role. */
const settingsFor = (adminUrl: string, password = 'of one service'): NodeJS.ProcessEnv => {
  const addressOf = (part: string): string => {
    const url = new URL(adminUrl);
    url.username = `${url.pathname.slice(1)}_${part}`;
    url.password = encodeURIComponent(`${password}, ${part}`);
    return url.href;
  };
  return {
    DATABASE_URL: adminUrl,
    AUTH_DATABASE_URL: addressOf('auth'),
    TEAM_RESOURCES_DATABASE_URL: addressOf('team'),
    AUDIT_DATABASE_URL: addressOf('audit'),
  };
};
const make = async (env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const lines: string[] = [];
  for await (const line of makeRoles(readRolesConfig(env))) lines.push(line);
  return lines;
};

test('each service has a role that owns its schema, no other and nothing of the server; a new password takes the place of the old one', async () => {
  const { url } = await opened(emptyDatabase());
  const first = settingsFor(url);
  expect(await make(first)).toEqual(
    ['auth', 'team', 'audit'].map(
      (part) => `${part === 'team' ? 'team-resources' : part}: role ${new URL(url).pathname.slice(1)}_${part} owns its schema`,
    ),
  );
  const auth = first['AUTH_DATABASE_URL'] ?? '';
  expect(await codeOf(execute(auth, 'CREATE TABLE auth.notes (id int)'))).toBe('allowed');
  expect(await codeOf(execute(auth, 'CREATE TABLE team.notes (id int)'))).toBe('42501');
  expect(await codeOf(execute(auth, 'CREATE ROLE other'))).toBe('42501');
  expect(await execute(auth, 'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user')).toEqual([
    { rolsuper: false, rolcreaterole: false, rolcreatedb: false },
  ]);

  const next = settingsFor(url, 'another');
  await make(next);
  expect(await codeOf(execute(auth, 'SELECT 1'))).toBe('28P01');
  expect(await codeOf(execute(next['AUTH_DATABASE_URL'] ?? '', 'SELECT 1'))).toBe('allowed');
});

test('an address that names no role of the database is refused, and an administrator who may make none', async () => {
  const { url } = await opened(emptyDatabase());
  const wrong = { ...settingsFor(url), AUTH_DATABASE_URL: url.replace(/\/\/[^@]*@/, '//somebody:secret@') };
  await expect(make(wrong)).rejects.toThrow("No service's address names the role");
  const { url: limited } = await makeUser(url);
  await expect(make(settingsFor(limited))).rejects.toThrow('role');
});

test('every address is asked for at once', () => {
  expect(() => readRolesConfig({ DATABASE_URL: 'mysql://a' })).toThrow(
    [
      'The configuration is not complete:',
      '  DATABASE_URL must be an address that begins with postgres:// or postgresql://.',
      '  AUTH_DATABASE_URL is missing.',
      '  TEAM_RESOURCES_DATABASE_URL is missing.',
      '  AUDIT_DATABASE_URL is missing.',
    ].join('\n'),
  );
});
