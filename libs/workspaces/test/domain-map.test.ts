import path from 'node:path';
import { domainMap, type DomainTable } from '@guildhall/contracts';
import { migrateSqliteUp } from '@guildhall/migrate';
import { freshDatabase, type FreshDatabase } from '@guildhall/testkit';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences, readPostgresTable, readSqliteTable } from './catalogs.ts';

const soloMigrations = path.resolve(import.meta.dirname, '../../../services/gateway/migrations');
const tables: readonly (readonly [string, DomainTable])[] = Object.entries(domainMap);

let database: FreshDatabase;
let client: Client;
let sqlite: Sqlite.Database;

beforeAll(async () => {
  database = await freshDatabase({ services: ['team-resources'] });
  client = new Client({ connectionString: database.url });
  await client.connect();
  sqlite = new Sqlite(':memory:');
  migrateSqliteUp(sqlite, soloMigrations);
});
afterAll(async () => {
  sqlite.close();
  await client.end();
  await database.drop();
});

test.each(tables)('%s is the same entity in SQLite and in PostgreSQL, as the domain map says', async (name, map) => {
  expect([
    ...differences('sqlite', name, map, readSqliteTable(sqlite, name)),
    ...differences('postgres', name, map, await readPostgresTable(client, 'team', name)),
  ]).toEqual([]);
});

test.each([
  ['a column more', 'ALTER TABLE scripts ADD COLUMN colour TEXT', 'sqlite: scripts.colour is not in the map'],
  [
    'an index less',
    'DROP INDEX idx_scripts_workspace_id_created_at',
    'sqlite: scripts index idx_scripts_workspace_id_created_at is missing',
  ],
  ['a column renamed', 'ALTER TABLE scripts RENAME COLUMN language TO syntax', 'sqlite: scripts.language is missing'],
])('a planted drift is named: %s', (_what, drift, fault) => {
  const drifted = new Sqlite(':memory:');
  migrateSqliteUp(drifted, soloMigrations);
  drifted.exec(drift);
  expect(differences('sqlite', 'scripts', domainMap.scripts, readSqliteTable(drifted, 'scripts'))).toContain(fault);
  drifted.close();
});

test('a planted drift is named: another delete rule, nullability, type and default', async () => {
  await client.query('BEGIN');
  await client.query(`
    ALTER TABLE team.scripts DROP CONSTRAINT fk_scripts_workspace_id;
    ALTER TABLE team.scripts ADD CONSTRAINT fk_scripts_workspace_id
      FOREIGN KEY (workspace_id) REFERENCES team.workspaces (id) ON DELETE RESTRICT;
    ALTER TABLE team.scripts ALTER COLUMN name DROP NOT NULL;
    ALTER TABLE team.scripts ALTER COLUMN version TYPE int4;
    ALTER TABLE team.scripts ALTER COLUMN created_at DROP DEFAULT`);
  const faults = differences('postgres', 'scripts', domainMap.scripts, await readPostgresTable(client, 'team', 'scripts'));
  await client.query('ROLLBACK');
  expect(faults).toEqual([
    'postgres: scripts.created_at defaults to null, not now()',
    'postgres: scripts.version is int4, not int8',
    'postgres: scripts.name is nullable',
    expect.stringMatching(/^postgres: scripts reference workspace_id is .*RESTRICT.*, not .*CASCADE/),
  ]);
});
