import { randomUUID } from 'node:crypto';
import { freshDatabase, testServerUrl, type FreshDatabase } from '@guildhall/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../src/installer/test-database.ts';
import { dropWithRoles, emptyDatabase, execute, makeUser, startRedisLike } from '../support/databases.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => dropWithRoles(database));

const look = (databaseUrl: string, queueUrl?: string, migrationsExpected: Record<string, readonly string[]> = {}) =>
  testDatabase({ databaseUrl, queueUrl, migrationsExpected });
const codes = async (databaseUrl: string, queueUrl?: string, expected: Record<string, readonly string[]> = {}) => {
  const { isUsable, faults, warnings } = await look(databaseUrl, queueUrl, expected);
  expect(isUsable).toBe(faults.length === 0);
  return [...faults, ...warnings].map(({ code }) => code);
};
const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

describe('a database that can be used', () => {
  test('is described: engine, version, latency, rights, and that it is empty', async () => {
    expect(await look(database.url)).toEqual({
      isUsable: true,
      engine: { name: 'PostgreSQL', version: expect.stringMatching(/^\d+\.\d+/) },
      latencyMs: expect.any(Number),
      canCreateRoles: true,
      holds: 'nothing',
      faults: [],
      warnings: [],
    });
  });

  test('is left as it was', async () => {
    expect(
      await execute(database.url, "SELECT nspname FROM pg_namespace WHERE nspname IN ('auth', 'team', 'audit', 'queue')"),
    ).toEqual([]);
  });

  test('is told of when it holds a Guildhall and when its user may make no roles', async () => {
    const held = await freshDatabase({ services: ['auth'] });
    try {
      expect(await look(held.url)).toMatchObject({ holds: 'guildhall', warnings: [{ code: 'NOT_EMPTY' }] });
    } finally {
      await held.drop();
    }
    const { url, name } = await makeUser(database.url);
    await execute(database.url, `GRANT CREATE ON DATABASE "${new URL(database.url).pathname.slice(1)}" TO ${name}`);
    expect(await codes(url)).toEqual(['ONE_ROLE']);
    expect(await codes((await makeUser(database.url, 'CREATEROLE')).url)).toEqual(['CANNOT_CREATE_SCHEMAS', 'ONE_ROLE']);
  });
});

describe('a database that cannot be used', () => {
  test.each([
    ['something else than PostgreSQL', 'mysql://root@127.0.0.1/x'],
    ['no address', 'nothing'],
    ['an address without a database', 'postgres://user@127.0.0.1'],
    ['another host than the one that is shown', 'postgres://user@127.0.0.1/x?host=elsewhere'],
    ['the folder of a socket of this machine', 'postgres://user@%2Fvar%2Frun%2Fpostgresql/x'],
    ['a file of this machine', 'postgres://user@127.0.0.1/x?sslrootcert=/etc/passwd'],
  ])('is refused for its scheme: %s', async (_what, url) => {
    expect(await codes(url)).toEqual(['SCHEME_UNSUPPORTED']);
  });

  test('is refused with the placeholder of an example as its password, or that of its queue, though the server takes it', async () => {
    const placeholder = 'replace with a password of your own';
    const name = `example_${randomUUID().replaceAll('-', '')}`;
    await execute(testServerUrl(), `CREATE ROLE ${name} LOGIN PASSWORD '${placeholder}'`);
    try {
      const example = changed((url) => ([url.username, url.password] = [name, placeholder]));
      expect(await execute(example, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      expect(await codes(example)).toEqual(['PLACEHOLDER']);
    } finally {
      await execute(testServerUrl(), `DROP ROLE ${name}`);
    }
    expect(await codes(database.url, 'redis://:replace-me@127.0.0.1:1/0')).toEqual(['PLACEHOLDER']);
  });

  test('is refused where nobody answers, at the wrong password, and where there is none of its name', async () => {
    expect(await codes('postgres://user@127.0.0.1:1/none')).toEqual(['UNREACHABLE']);
    expect(await codes(changed((url) => (url.password = 'wrong')))).toEqual(['ACCESS_DENIED']);
    expect(await codes(changed((url) => (url.pathname = '/nowhere')))).toEqual(['DATABASE_MISSING']);
  });

  test('is refused when it takes no changes', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await execute(database.url, `ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    try {
      expect(await codes(database.url)).toEqual(['READ_ONLY']);
    } finally {
      await execute(testServerUrl(), `ALTER DATABASE "${name}" RESET default_transaction_read_only`);
    }
  });

  test('is refused when it is not in UTF-8', async () => {
    const name = `latin_${randomUUID().replaceAll('-', '')}`;
    await execute(
      testServerUrl(),
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    try {
      const url = new URL(database.url);
      url.pathname = `/${name}`;
      expect(await codes(url.href)).toEqual(['ENCODING_UNSUPPORTED']);
    } finally {
      await execute(testServerUrl(), `DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  test('is refused when its user may not create schemas', async () => {
    const { url } = await makeUser(database.url);
    expect(await codes(url)).toEqual(['CANNOT_CREATE_SCHEMAS', 'ONE_ROLE']);
  });

  test('is refused when it belongs to a newer Guildhall, and both numbers are named', async () => {
    const newer = await freshDatabase({ services: ['auth'] });
    try {
      await execute(newer.url, "INSERT INTO auth.schema_migrations (name, run_on) VALUES ('0999_from_tomorrow', now())");
      const { faults } = await look(newer.url, undefined, { auth: ['0001_create_users'] });
      expect(faults).toEqual([{ code: 'NEWER_INSTALLATION', detail: expect.stringContaining('0999') as unknown }]);
      expect(faults[0]?.detail).toContain('0001');
    } finally {
      await newer.drop();
    }
  });

  test('is refused with a queue that does not answer', async () => {
    expect(await codes(database.url, 'redis://127.0.0.1:1')).toEqual(['QUEUE_UNREACHABLE']);
    expect(await codes(database.url, 'http://127.0.0.1')).toEqual(['QUEUE_UNREACHABLE']);
  });

  test('is refused with a queue whose address names a socket of this machine, or sets what the services set themselves', async () => {
    const redis = await startRedisLike();
    try {
      expect(await codes(database.url, `redis://127.0.0.1:${redis.port}`)).toEqual([]);
      for (const parameter of ['path=/var/run/redis.sock', 'maxRetriesPerRequest=1', 'keyPrefix=mine'])
        expect(await codes(database.url, `redis://127.0.0.1:${redis.port}?${parameter}`)).toEqual(['QUEUE_UNREACHABLE']);
    } finally {
      await redis.close();
    }
  });

  test('is refused with a queue in a Redis database that is not there, and nobody falls over that', async () => {
    const redis = await startRedisLike();
    try {
      expect(await codes(database.url, `redis://127.0.0.1:${redis.port}/3`)).toEqual([]);
      for (const number of ['99', 'abc'])
        expect(await codes(database.url, `redis://127.0.0.1:${redis.port}/${number}`)).toEqual(['QUEUE_UNREACHABLE']);
    } finally {
      await redis.close();
    }
  });
});
