import path from 'node:path';
import { domainMap, type DomainTable } from '@guildhall/contracts';
import { describeSqliteCatalog, migrateSqliteUp } from '@guildhall/migrate';
import { freshDatabase, type FreshDatabase } from '@guildhall/testkit';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  differences,
  postgresTables,
  readPostgresTable,
  readSqliteTable,
  sqliteTables,
  tableDifferences,
  type CatalogTable,
} from './catalogs.ts';

const soloMigrations = path.resolve(import.meta.dirname, '../../../services/gateway/migrations');
const tables: readonly (readonly [string, DomainTable])[] = Object.entries(domainMap);
const mapped = Object.keys(domainMap);

/** Tables that solo has for itself: bookkeeping of requests and of looks, the settings of the machine, and what it is a copy of. */
const soloTables = [
  'data_looks',
  'idempotency_keys',
  'settings',
  'sync_bases',
  'sync_conflicts',
  'workspace_shares',
  'workspace_sync_rows',
  'workspace_syncs',
];
/** The table of how workspaces came from solo files, which the team has for itself. */
const teamTables = ['workspace_imports'];
/** A table that lies in a workspace is an entity of both sides. What lies in a community, or nowhere, is the team's own. */
const isOfWorkspaces = ({ references }: CatalogTable): boolean => references.some(({ table }) => mapped.includes(table));
const isOurs = (table: string): boolean => !table.startsWith('schema_migration');

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

/** Everything in which the SQLite file differs from the map. */
const soloDrift = (db: Sqlite.Database): readonly string[] => {
  const found = sqliteTables(db).filter(isOurs);
  return [
    ...tableDifferences('sqlite', mapped, soloTables, found),
    ...tables
      .filter(([name]) => found.includes(name))
      .flatMap(([name, map]) => differences('sqlite', name, map, readSqliteTable(db, name))),
  ];
};

/** Everything in which the schema of team-resources differs from the map. */
const teamDrift = async (): Promise<readonly string[]> => {
  const found = new Map<string, CatalogTable>();
  for (const name of await postgresTables(client, 'team')) found.set(name, await readPostgresTable(client, 'team', name));
  const entities = [...found].filter(([name, table]) => mapped.includes(name) || isOfWorkspaces(table)).map(([name]) => name);
  return [
    ...tableDifferences('postgres', mapped, teamTables, entities),
    ...tables.flatMap(([name, map]) => {
      const table = found.get(name);
      return table === undefined ? [] : differences('postgres', name, map, table);
    }),
  ];
};

test('every entity is the same in SQLite and in PostgreSQL, as the domain map says', async () => {
  expect([...soloDrift(sqlite), ...(await teamDrift())]).toEqual([]);
});

type Planted = readonly (readonly [kind: string, change: string, ...faults: string[]])[];

const plantedInTeam: Planted = [
  ['a table less', 'DROP TABLE team.script_versions', 'postgres: script_versions is missing'],
  [
    'a table more',
    'CREATE TABLE team.notes (workspace_id uuid REFERENCES team.workspaces (id))',
    'postgres: notes is not in the map',
  ],
  ['no drift: a table of communities', 'CREATE TABLE team.polls_of_ours (community_id uuid REFERENCES team.communities (id))'],
  ['a column less', 'ALTER TABLE team.scripts DROP COLUMN language', 'postgres: scripts.language is missing'],
  ['a column more', 'ALTER TABLE team.scripts ADD COLUMN colour text', 'postgres: scripts.colour is not in the map'],
  [
    'a column renamed',
    'ALTER TABLE team.scripts RENAME COLUMN language TO syntax',
    'postgres: scripts.syntax is not in the map',
    'postgres: scripts.language is missing',
  ],
  ['a type', 'ALTER TABLE team.scripts ALTER COLUMN version TYPE int4', 'postgres: scripts.version is int4, not int8'],
  [
    'a type of no pair',
    'ALTER TABLE team.scripts ALTER COLUMN name TYPE varchar(9)',
    'postgres: scripts.name is varchar, not text',
  ],
  ['nullability', 'ALTER TABLE team.scripts ALTER COLUMN name DROP NOT NULL', 'postgres: scripts.name is nullable'],
  [
    'a required column',
    'ALTER TABLE team.scripts ALTER COLUMN deleted_at SET NOT NULL',
    'postgres: scripts.deleted_at is not nullable',
  ],
  [
    'a default less',
    'ALTER TABLE team.scripts ALTER COLUMN created_at DROP DEFAULT',
    'postgres: scripts.created_at defaults to null, not now()',
  ],
  [
    'another default',
    'ALTER TABLE team.scripts ALTER COLUMN version SET DEFAULT 2',
    'postgres: scripts.version defaults to 2, not 1',
  ],
  [
    'a key less',
    'ALTER TABLE team.script_versions DROP CONSTRAINT pk_script_versions',
    'postgres: script_versions has the key (), not (id)',
  ],
  [
    'a foreign key less',
    'ALTER TABLE team.scripts DROP CONSTRAINT fk_scripts_workspace_id',
    'postgres: scripts reference workspace_id is missing',
  ],
  [
    'another delete rule',
    `ALTER TABLE team.scripts DROP CONSTRAINT fk_scripts_workspace_id;
     ALTER TABLE team.scripts ADD CONSTRAINT fk_scripts_workspace_id
       FOREIGN KEY (workspace_id) REFERENCES team.workspaces (id) ON DELETE RESTRICT`,
    'postgres: scripts reference workspace_id is [["column","workspace_id"],["onDelete","RESTRICT"],["table","workspaces"]], not [["column","workspace_id"],["onDelete","CASCADE"],["table","workspaces"]]',
  ],
  [
    'an index less',
    'DROP INDEX team.idx_scripts_workspace_id_created_at',
    'postgres: scripts index idx_scripts_workspace_id_created_at is missing',
  ],
  [
    'an index more',
    'CREATE INDEX idx_scripts_name ON team.scripts (name)',
    'postgres: scripts index idx_scripts_name is not in the map',
  ],
  [
    'an index on other columns',
    `DROP INDEX team.idx_scripts_workspace_id_created_at;
     CREATE INDEX idx_scripts_workspace_id_created_at ON team.scripts (workspace_id, created_at DESC, id)`,
    'postgres: scripts index idx_scripts_workspace_id_created_at is [["columns",["workspace_id","created_at DESC","id"]],["isUnique",false],["name","idx_scripts_workspace_id_created_at"]], not [["columns",["workspace_id","created_at","id"]],["isUnique",false],["name","idx_scripts_workspace_id_created_at"]]',
  ],
  [
    'a unique index for part of the rows',
    `DROP INDEX team.uq_script_versions_script_id_version;
     CREATE UNIQUE INDEX uq_script_versions_script_id_version ON team.script_versions (script_id, version) WHERE version > 1`,
    'postgres: script_versions index uq_script_versions_script_id_version is [["columns",["script_id","version"]],["isUnique",true],["name","uq_script_versions_script_id_version"],["where","(version > 1)"]], not [["columns",["script_id","version"]],["isUnique",true],["name","uq_script_versions_script_id_version"]]',
  ],
  [
    'a unique index for more than its rows',
    `DROP INDEX team.uq_control_m_folders_workspace_id_name;
     CREATE UNIQUE INDEX uq_control_m_folders_workspace_id_name ON team.control_m_folders (workspace_id, name)`,
    'postgres: control_m_folders index uq_control_m_folders_workspace_id_name is [["columns",["workspace_id","name"]],["isUnique",true],["name","uq_control_m_folders_workspace_id_name"]], not [["columns",["workspace_id","name"]],["isUnique",true],["name","uq_control_m_folders_workspace_id_name"],["where","(deleted_at IS NULL)"]]',
  ],
];

describe('a planted drift of team is named:', () => {
  test.each(plantedInTeam)('%s', async (_kind, change, ...faults) => {
    await client.query(`BEGIN; ${change}`);
    const drift = await teamDrift();
    await client.query('ROLLBACK');
    expect(drift).toEqual(faults);
  });
});

const plantedInSolo: readonly (readonly [kind: string, from: RegExp, to: string, ...faults: string[]])[] = [
  ['a table less', /CREATE TABLE script_versions[^;]*;[^;]*;/, '', 'sqlite: script_versions is missing'],
  ['a table more', /$/, 'CREATE TABLE notes (id TEXT);', 'sqlite: notes is not in the map'],
  ['an own table less', /CREATE TABLE settings[^;]*;/, '', 'sqlite: settings, its own, is gone'],
  ['a column less', /(TABLE scripts[^;]*?) language TEXT NOT NULL,/, '$1', 'sqlite: scripts.language is missing'],
  ['a column more', /(TABLE scripts \()/, '$1 colour TEXT,', 'sqlite: scripts.colour is not in the map'],
  ['a type', /(TABLE scripts[^;]*? version) INTEGER/, '$1 TEXT', 'sqlite: scripts.version is TEXT, not INTEGER'],
  ['nullability', /(TABLE scripts[^;]*? name TEXT) NOT NULL/, '$1', 'sqlite: scripts.name is nullable'],
  ['a required column', /(TABLE scripts[^;]*? deleted_at TEXT)/, '$1 NOT NULL', 'sqlite: scripts.deleted_at is not nullable'],
  [
    'a default less',
    /(TABLE scripts[^;]*? version INTEGER NOT NULL) DEFAULT 1/,
    '$1',
    'sqlite: scripts.version defaults to null, not 1',
  ],
  [
    'another default',
    /(TABLE workspaces[^;]*?) DEFAULT ''/,
    "$1 DEFAULT '-'",
    "sqlite: workspaces.description defaults to '-', not ''",
  ],
  [
    'another key',
    /CONSTRAINT pk_script_versions PRIMARY KEY \(id\)/,
    'CONSTRAINT pk_script_versions PRIMARY KEY (script_id, version)',
    'sqlite: script_versions has the key (script_id, version), not (id)',
  ],
  ['a foreign key less', /,\s*CONSTRAINT fk_scripts_workspace_id[^\n]*/, '', 'sqlite: scripts reference workspace_id is missing'],
  [
    'another delete rule',
    /(CONSTRAINT fk_scripts_workspace_id[^\n]*) ON DELETE CASCADE/,
    '$1',
    'sqlite: scripts reference workspace_id is [["column","workspace_id"],["onDelete","NO ACTION"],["table","workspaces"]], not [["column","workspace_id"],["onDelete","CASCADE"],["table","workspaces"]]',
  ],
  [
    'an index less',
    /CREATE INDEX idx_scripts_workspace_id_created_at[^;]*;/,
    '',
    'sqlite: scripts index idx_scripts_workspace_id_created_at is missing',
  ],
  [
    'an index that is no more unique',
    /CREATE UNIQUE INDEX uq_script_versions/,
    'CREATE INDEX uq_script_versions',
    'sqlite: script_versions index uq_script_versions_script_id_version is [["columns",["script_id","version"]],["isUnique",false],["name","uq_script_versions_script_id_version"]], not [["columns",["script_id","version"]],["isUnique",true],["name","uq_script_versions_script_id_version"]]',
  ],
  [
    'an index for part of the rows',
    /(CREATE INDEX idx_workspaces_created_at[^;]*)/,
    '$1 WHERE deleted_at IS NULL',
    'sqlite: workspaces index idx_workspaces_created_at is [["columns",["created_at","id"]],["isUnique",false],["name","idx_workspaces_created_at"],["where","deleted_at IS NULL"]], not [["columns",["created_at","id"]],["isUnique",false],["name","idx_workspaces_created_at"]]',
  ],
  [
    'an index for more than its rows',
    /(CREATE UNIQUE INDEX uq_control_m_folders[^;]*?)\s+WHERE deleted_at IS NULL/,
    '$1',
    'sqlite: control_m_folders index uq_control_m_folders_workspace_id_name is [["columns",["workspace_id","name"]],["isUnique",true],["name","uq_control_m_folders_workspace_id_name"]], not [["columns",["workspace_id","name"]],["isUnique",true],["name","uq_control_m_folders_workspace_id_name"],["where","deleted_at IS NULL"]]',
  ],
];

describe('a planted drift of solo is named:', () => {
  const drifts = plantedInSolo.map(([kind, from, to, ...faults]) => ({ kind, from, to, faults }));

  test.each(drifts)('$kind', ({ from, to, faults }) => {
    const drifted = new Sqlite(':memory:');
    drifted.exec(describeSqliteCatalog(sqlite).trimEnd().replace(from, to));
    const drift = soloDrift(drifted);
    drifted.close();
    expect(drift).toEqual(faults);
  });
});
