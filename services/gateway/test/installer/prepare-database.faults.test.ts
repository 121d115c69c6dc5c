import { serviceNames, serviceSchemas, type ServiceName } from '@guildhall/contracts';
import { migrateUp } from '@guildhall/migrate';
import { freshDatabase, migrationsFolder } from '@guildhall/testkit';
import { describe, expect, test } from 'vitest';
import type { PreparedDatabase } from '../../src/installer/prepare-database.ts';
import { codeOf, emptyDatabase, execute, makeUser } from '../support/databases.ts';
import { droppingAfterEach, prepare } from '../support/prepared-databases.ts';

const opened = droppingAfterEach();
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

describe('a prepared database that is migrated', () => {
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
});
