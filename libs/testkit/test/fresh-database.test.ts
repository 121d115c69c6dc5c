import { serviceSchemas } from '@guildhall/contracts';
import { migrationNames, migrationStatus } from '@guildhall/migrate';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { freshDatabase, migrationsFolder } from '../src/index.ts';

const open = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const fresh = async () => {
  const database = await freshDatabase({ services: ['auth'] });
  onTestFinished(() => database.drop());
  return database;
};

test('databases made at the same time are migrated, and each is its own', async () => {
  const [one, other] = await Promise.all([fresh(), fresh(), fresh(), fresh()]);
  const target = { databaseUrl: one.url, schema: serviceSchemas.auth, folder: migrationsFolder('auth') };
  const states = await migrationStatus(target);
  expect(states.map(({ name }) => name)).toEqual(migrationNames(migrationsFolder('auth')));
  expect(states.filter(({ appliedAt }) => appliedAt === null)).toEqual([]);
  const client = await open(one.url);
  await client.query('CREATE TABLE auth.mine (id uuid)');
  await client.end();
  const neighbour = await open(other.url);
  await expect(neighbour.query('SELECT 1 FROM auth.mine')).rejects.toMatchObject({ code: '42P01' });
  await neighbour.end();
});

test('dropping ends the connections that are still open', async () => {
  const database = await freshDatabase({ services: [] });
  const client = await open(database.url);
  await database.drop();
  await expect(client.query('SELECT 1')).rejects.toThrow(/connection|queryable/i);
  await expect(open(database.url)).rejects.toMatchObject({ code: '3D000' });
});
