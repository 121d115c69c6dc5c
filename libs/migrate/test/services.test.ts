import { readFileSync } from 'node:fs';
import { serviceNames, serviceSchemas } from '@guildhall/contracts';
import { detectEngine } from '@guildhall/engine';
import { freshDatabase, migrationsFolder } from '@guildhall/testkit';
import { expect, test } from 'vitest';
import { describeSchema } from '../src/catalog.ts';
import { withClient } from '../src/connection.ts';
import { migrateDown } from '../src/postgres.ts';
import { isSameSchema } from '../src/same-schema.ts';
import { allServices, chooseOne, hasMigrations } from '../src/services.ts';

test('every service has migrations', () => {
  expect(allServices.filter(hasMigrations).map(({ name }) => name)).toEqual([...serviceNames, 'gateway']);
});

/** Each migration on its own, and with rows in the tables: services.faults.test.ts. */
test.each(serviceNames)('the migrations of %s lead up to the committed schema.sql, and down to nothing', async (service) => {
  const schema = serviceSchemas[service];
  const committed = readFileSync(chooseOne(service, '').schemaFile, 'utf8');
  const { url, drop } = await freshDatabase({ services: [service] });
  try {
    const { wordsCatalogAsPostgres } = await withClient(url, detectEngine);
    const describe = () => withClient(url, (client) => describeSchema(client, schema));
    const catalog = await describe();
    expect(catalog).toContain('CREATE TABLE');
    expect(!wordsCatalogAsPostgres || isSameSchema(committed, `${committed.split('\n', 1)[0]}\n\n${catalog}`)).toBe(true);
    await migrateDown({ databaseUrl: url, schema, folder: migrationsFolder(service), count: Number.MAX_SAFE_INTEGER });
    expect(await describe()).not.toContain('CREATE');
  } finally {
    await drop();
  }
});
