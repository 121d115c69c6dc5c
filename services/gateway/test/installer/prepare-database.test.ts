import { serviceNames, serviceSchemas, type ServiceName } from '@guildhall/contracts';
import { migrateUp } from '@guildhall/migrate';
import { freshDatabase, migrationsFolder, type FreshDatabase } from '@guildhall/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { prepareDatabase, type PreparedDatabase } from '../../src/installer/prepare-database.ts';
import { codeOf, dropWithRoles, emptyDatabase, execute, makeUser } from '../support/databases.ts';

const databases: FreshDatabase[] = [];
afterEach(async () => {
  for (const database of databases.splice(0)) await dropWithRoles(database);
});
const opened = async (making: Promise<FreshDatabase>): Promise<FreshDatabase> => {
  const database = await making;
  databases.push(database);
  return database;
};

const passwordOf = (role: string): string => `p@ss/word of ${role}`;
const prepare = (databaseUrl: string) => prepareDatabase({ databaseUrl, passwordOf });
const queueOf = async ({ url }: FreshDatabase): Promise<string> =>
  (await prepareDatabase({ databaseUrl: url, queueUrl: 'redis://queue:6379/2', passwordOf })).urls.auth.queueUrl;
const migrate = async ({ urls }: PreparedDatabase): Promise<void> => {
  for (const service of serviceNames) {
    await migrateUp({
      databaseUrl: urls[service].databaseUrl,
      schema: serviceSchemas[service],
      folder: migrationsFolder(service),
    });
  }
};
const tableOf: Readonly<Record<ServiceName, string>> = {
  auth: 'auth.users',
  'team-resources': 'team.communities',
  audit: 'audit.audit_events',
};
const expectSeparated = async ({ urls }: PreparedDatabase): Promise<void> => {
  for (const service of serviceNames) {
    for (const other of serviceNames) {
      const read = codeOf(execute(urls[service].databaseUrl, `SELECT id FROM ${tableOf[other]} LIMIT 1`));
      expect([service, other, await read]).toEqual([service, other, service === other ? 'allowed' : '42501']);
    }
    expect(await codeOf(execute(urls[service].databaseUrl, 'CREATE SCHEMA mine'))).toBe('42501');
    expect(await codeOf(execute(urls[service].queueUrl, `SELECT id FROM ${tableOf[service]} LIMIT 1`))).toBe('42501');
  }
};

describe('a prepared database', () => {
  test('gives each service a role that migrates its own schema and is refused by every other', async () => {
    const { url } = await opened(emptyDatabase());
    const prepared = await prepare(url);
    expect(prepared.warnings).toEqual([]);
    await migrate(prepared);
    await expectSeparated(prepared);
  });

  test('is the same when it is prepared again, and by several at once', async () => {
    const { url } = await opened(emptyDatabase());
    const [first, ...others] = await Promise.all([prepare(url), prepare(url), prepare(url)]);
    expect(others).toEqual([first, first]);
    await migrate(first);
    expect(await prepare(url)).toEqual(first);
    await expectSeparated(first);
  });

  test('takes over an installation whose services shared one role', async () => {
    const { url } = await opened(freshDatabase({ services: ['auth', 'team-resources', 'audit'] }));
    await execute(url, "INSERT INTO auth.users (id, email, display_name) VALUES ('ada', 'ada@example.org', 'Ada')");
    const prepared = await prepare(url);
    expect(await execute(prepared.urls.auth.databaseUrl, 'SELECT id FROM auth.users')).toEqual([{ id: 'ada' }]);
    await expectSeparated(prepared);
  });

  test('belongs to the services also when an administrator migrates it', async () => {
    const { url } = await opened(emptyDatabase());
    const prepared = await prepare(url);
    for (const service of serviceNames)
      await migrateUp({ databaseUrl: url, schema: serviceSchemas[service], folder: migrationsFolder(service) });
    await expectSeparated(prepared);
    expect(await execute(prepared.urls.auth.databaseUrl, 'SELECT id FROM auth.users')).toEqual([]);
  });

  test('needs an administrator who may create roles and schemas, no superuser', async () => {
    const { url } = await opened(emptyDatabase());
    const { url: administrator, name } = await makeUser(url, 'CREATEROLE');
    await execute(url, `GRANT ALL ON DATABASE "${new URL(url).pathname.slice(1)}" TO ${name} WITH GRANT OPTION`);
    const prepared = await prepare(administrator);
    expect(prepared.warnings).toEqual([]);
    await migrate(prepared);
    await expectSeparated(prepared);
  });

  test('has one role for all, and a warning, where that is all the rights allow', async () => {
    const { url } = await opened(emptyDatabase());
    const { url: limited } = await makeUser(url);
    const { urls, warnings } = await prepare(limited);
    expect(warnings.map(({ code }) => code)).toEqual(['ONE_ROLE']);
    expect(urls.auth).toEqual({ databaseUrl: limited, queueUrl: limited });
  });

  test('has one role for all where the queue, with one of its own, could not make its schema', async () => {
    const { url } = await opened(emptyDatabase());
    const { url: limited, name } = await makeUser(url, 'CREATEROLE');
    await execute(url, `GRANT CREATE ON DATABASE "${new URL(url).pathname.slice(1)}" TO ${name}`);
    const { urls, warnings } = await prepare(limited);
    expect(warnings.map(({ code }) => code)).toEqual(['ONE_ROLE']);
    expect(await codeOf(execute(urls.auth.queueUrl, 'CREATE SCHEMA IF NOT EXISTS queue'))).toBe('allowed');
    const elsewhere = await prepareDatabase({ databaseUrl: limited, queueUrl: 'redis://queue', passwordOf });
    expect(elsewhere.warnings).toEqual([]);
  });

  test('is refused where a role of that name may do more than a service should', async () => {
    const { url } = await opened(emptyDatabase());
    await execute(url, `CREATE ROLE "${new URL(url).pathname.slice(1)}_auth" CREATEROLE`);
    await expect(prepare(url)).rejects.toThrow('may do more than a service should');
  });

  test('sends the server what it keeps of a password, never the password', async () => {
    const { url } = await opened(emptyDatabase());
    const { urls } = await prepare(url);
    const [kept] = await execute(
      url,
      `SELECT rolpassword AS verifier FROM pg_authid WHERE rolname = '${new URL(urls.auth.databaseUrl).username}'`,
    );
    expect(kept?.['verifier']).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(await codeOf(execute(urls.auth.databaseUrl, 'SELECT 1'))).toBe('allowed');
  });

  test('leaves the queue to Redis where one is named', async () => {
    const { url } = await opened(emptyDatabase());
    const { urls } = await prepareDatabase({ databaseUrl: url, queueUrl: 'redis://queue', passwordOf });
    expect(urls.audit.queueUrl).toMatch(/^redis:\/\/queue#[0-9a-f]{16}$/);
    expect(new Set(serviceNames.map((service) => urls[service].queueUrl)).size).toBe(1);
  });

  test('shares no queue with another database on the same Redis, and has its own again when it is prepared again', async () => {
    const [one, other] = [await opened(emptyDatabase()), await opened(emptyDatabase())];
    const first = await queueOf(one);
    expect(await queueOf(other)).not.toBe(first);
    expect(await queueOf(one)).toBe(first);
  });
});
