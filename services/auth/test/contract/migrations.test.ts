import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalRolePermissions } from '@guildhall/contracts';
import { migrateUp } from '@guildhall/migrate';
import { freshDatabase, migrationsFolder, type FreshDatabase } from '@guildhall/testkit';
import { Client } from 'pg';

let database: FreshDatabase;
let client: Client;
const target = () => ({ databaseUrl: database.url, schema: 'auth', folder: migrationsFolder('auth') });

beforeAll(async () => {
  database = await freshDatabase({ services: ['auth'] });
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const tables = async (): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'auth' ORDER BY 1`,
  );
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('schema_migration'));
};
const roles = async () => {
  const { rows } = await client.query<{ name: string; permissions: string[] }>('SELECT name, permissions FROM auth.roles');
  return Object.fromEntries(rows.map(({ name, permissions }) => [name, permissions]));
};

describe('the migrations', () => {
  // Down to nothing and up again, each on its own and with rows: libs/migrate/test/services.test.ts and services.faults.test.ts.
  test('make every table, and seed the roles that the contracts name', async () => {
    expect(await tables()).toEqual([
      'auth_codes',
      'email_changes',
      'inbox_events',
      'invited_addresses',
      'login_delays',
      'mail_rates',
      'oauth_connections',
      'oauth_requests',
      'outbox_events',
      'outgoing_mails',
      'passkey_requests',
      'passkeys',
      'personal_tokens',
      'recovery_codes',
      'registrations',
      'rejected_events',
      'roles',
      'sessions',
      'setup_tokens',
      'sign_in_challenges',
      'signing_keys',
      'totp_secrets',
      'used_refresh_tokens',
      'user_passwords',
      'user_roles',
      'users',
    ]);
    expect(await roles()).toEqual(globalRolePermissions);
  });

  test('change nothing when they run once more over what is there', async () => {
    await client.query('DELETE FROM auth.schema_migrations');
    await client.query(`UPDATE auth.roles SET permissions = ARRAY['audit:read'] WHERE name = 'auditor'`);
    await migrateUp(target());
    expect((await roles())['auditor']).toEqual(['audit:read']);
  });
});
