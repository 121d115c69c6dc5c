import path from 'node:path';
import { freshDatabase, type FreshDatabase } from '@guildhall/testkit';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrateSqliteUp } from '../../src/index.ts';
import { allServices } from '../../src/services.ts';
import { exceptions } from './exceptions.ts';
import type { TableFacts } from './facts.ts';
import { readPostgresFacts } from './read-postgres.ts';
import { readSqliteFacts } from './read-sqlite.ts';
import { conventions, faultsOf, type Fault } from './rules.ts';

const schemas = allServices.flatMap((service) => (service.engine === 'postgres' ? [service.schema] : []));
const soloMigrations = path.resolve(import.meta.dirname, '../../../../services/gateway/migrations');

let database: FreshDatabase;
let client: Client;
let sqlite: Sqlite.Database;

beforeAll(async () => {
  database = await freshDatabase({ services: ['auth', 'team-resources', 'audit'] });
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

const readAll = async (): Promise<readonly TableFacts[]> => {
  const tables: TableFacts[] = [];
  for (const schema of schemas) tables.push(...(await readPostgresFacts(client, schema)));
  return [...tables, ...readSqliteFacts(sqlite)];
};

const isExcepted = ({ rule, at }: Fault): boolean =>
  exceptions.some((exception) => exception.rule === rule && exception.at === at);

describe('the tables of every service', () => {
  test('were looked at, in PostgreSQL and in SQLite', async () => {
    const paths = (await readAll()).map((table) => table.path);
    expect(paths).toEqual(expect.arrayContaining(['auth.users', 'team.scripts', 'audit.audit_events', 'scripts', 'settings']));
    expect(paths.filter((table) => table.includes('schema_migration'))).toEqual([]);
  });

  test('keep the conventions, but for the exceptions', async () => {
    expect(faultsOf(await readAll()).filter((fault) => !isExcepted(fault))).toEqual([]);
  });

  test('need every exception that there is', async () => {
    const faults = faultsOf(await readAll());
    expect(exceptions.filter(({ rule, at }) => !faults.some((fault) => fault.rule === rule && fault.at === at))).toEqual([]);
  });
});

const head = 'id uuid NOT NULL, created_by text NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL';
const keyed = `${head}, CONSTRAINT pk_lamps PRIMARY KEY (id)`;
const reference = 'user_id text, CONSTRAINT fk_lamps_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id)';
const indexed = 'CREATE INDEX idx_lamps_user_id ON auth.lamps (user_id)';

const planted: readonly (readonly [rule: string, sql: string, fault: string])[] = [
  [
    'plural snake_case tables',
    `CREATE TABLE auth.glass (${head}, CONSTRAINT pk_glass PRIMARY KEY (id))`,
    'auth.glass is not plural snake_case',
  ],
  [
    'plural snake_case tables',
    `CREATE TABLE auth.lamp (${head}, CONSTRAINT pk_lamp PRIMARY KEY (id))`,
    'auth.lamp is not plural snake_case',
  ],
  ['snake_case columns', `CREATE TABLE auth.lamps (${keyed}, "litUp" text)`, 'auth.lamps.litUp is not snake_case'],
  [
    'id',
    `CREATE TABLE auth.lamps (${head}, place text, CONSTRAINT pk_lamps PRIMARY KEY (place))`,
    'auth.lamps has the key (place), not (id)',
  ],
  ['uuid ids', `CREATE TABLE auth.lamps (${keyed.replace('uuid', 'int8')})`, 'auth.lamps.id is int8, not uuid'],
  [
    'created_at and updated_at',
    'CREATE TABLE auth.lamps (id uuid NOT NULL, created_by text NOT NULL, created_at timestamptz NOT NULL, CONSTRAINT pk_lamps PRIMARY KEY (id))',
    'auth.lamps.updated_at is missing',
  ],
  [
    'created_at and updated_at',
    `CREATE TABLE auth.lamps (${keyed.replace('updated_at timestamptz NOT NULL', 'updated_at timestamptz')})`,
    'auth.lamps.updated_at is not timestamptz NOT NULL',
  ],
  [
    'times end in _at',
    `CREATE TABLE auth.lamps (${keyed}, lit timestamptz)`,
    'auth.lamps.lit is a timestamptz that does not end in _at',
  ],
  ['times end in _at', `CREATE TABLE auth.lamps (${keyed}, lit_at timestamp)`, 'auth.lamps.lit_at is timestamp, not timestamptz'],
  [
    'booleans begin with is_',
    `CREATE TABLE auth.lamps (${keyed}, lit bool)`,
    'auth.lamps.lit is a boolean that does not begin with is_',
  ],
  ['booleans begin with is_', `CREATE TABLE auth.lamps (${keyed}, is_lit text)`, 'auth.lamps.is_lit is text, not bool'],
  [
    'versions',
    `CREATE TABLE auth.lamps (${keyed}, version int4 NOT NULL, deleted_at timestamptz)`,
    'auth.lamps.version is not int8 NOT NULL',
  ],
  [
    'recoverable rows have deleted_at',
    `CREATE TABLE auth.lamps (${keyed}, version int8 NOT NULL)`,
    'auth.lamps.deleted_at is missing: what can be edited can be deleted and restored',
  ],
  [
    'recoverable rows have deleted_at',
    `CREATE TABLE auth.lamps (${keyed}, version int8 NOT NULL, deleted_at timestamptz NOT NULL)`,
    'auth.lamps.deleted_at is not timestamptz that may be null',
  ],
  [
    'rows that a user made have created_by',
    `CREATE TABLE auth.lamps (${keyed.replace('created_by text NOT NULL, ', '')})`,
    'auth.lamps.created_by is missing: say which user made the row',
  ],
  [
    'users are text',
    `CREATE TABLE auth.lamps (${keyed.replace('created_by text', 'created_by uuid')})`,
    'auth.lamps.created_by is uuid, not text',
  ],
  [
    'foreign keys are called after the table',
    `CREATE TABLE auth.lamps (${keyed}, ${reference.replaceAll('user_id', 'owner_id')} ON DELETE CASCADE); CREATE INDEX idx_lamps_owner_id ON auth.lamps (owner_id)`,
    'auth.lamps.owner_id points to users: it is called user_id',
  ],
  [
    'foreign keys state ON DELETE',
    `CREATE TABLE auth.lamps (${keyed}, ${reference}); ${indexed}`,
    'auth.lamps.user_id has ON DELETE NO ACTION',
  ],
  [
    'foreign keys are indexed',
    `CREATE TABLE auth.lamps (${keyed}, ${reference} ON DELETE CASCADE)`,
    'auth.lamps.user_id leads no index',
  ],
  [
    'foreign keys are indexed',
    `CREATE TABLE auth.lamps (${keyed}, ${reference} ON DELETE CASCADE); ${indexed} WHERE user_id <> 'a'`,
    'auth.lamps.user_id leads no index',
  ],
  [
    'foreign keys are indexed',
    `CREATE TABLE auth.lamps (${keyed}, ${reference} ON DELETE CASCADE); CREATE INDEX idx_lamps_created_at_user_id ON auth.lamps (created_at, user_id)`,
    'auth.lamps.user_id leads no index',
  ],
  [
    'index names',
    `CREATE TABLE auth.lamps (${keyed}); CREATE INDEX lamps_by_age ON auth.lamps (created_at)`,
    'auth.lamps.lamps_by_age is called idx_lamps_created_at',
  ],
  [
    'index names',
    `CREATE TABLE auth.lamps (${keyed}); CREATE INDEX idx_lamps_created_at ON auth.lamps (created_at, updated_at)`,
    'auth.lamps.idx_lamps_created_at is called idx_lamps_created_at_updated_at',
  ],
  [
    'index names',
    `CREATE TABLE auth.lamps (${keyed}); CREATE UNIQUE INDEX idx_lamps_created_at ON auth.lamps (created_at)`,
    'auth.lamps.idx_lamps_created_at is called uq_lamps_created_at',
  ],
  [
    'constraint names',
    `CREATE TABLE auth.lamps (${head}, PRIMARY KEY (id))`,
    'auth.lamps.lamps_pkey is a primary constraint: it is called pk_lamps',
  ],
  [
    'constraint names',
    `CREATE TABLE auth.lamps (${keyed}, watts int8, CHECK (watts > 0))`,
    'auth.lamps.lamps_watts_check is a check constraint: it is called ck_lamps_…',
  ],
  [
    'constraint names',
    `CREATE TABLE auth.lamps (${keyed}, user_id text REFERENCES auth.users (id) ON DELETE CASCADE); ${indexed}`,
    'auth.lamps.lamps_user_id_fkey is a foreign constraint: it is called fk_lamps_user_id',
  ],
  ['closed lists have a CHECK', `CREATE TABLE auth.lamps (${keyed}, status text NOT NULL)`, 'auth.lamps.status has no CHECK'],
];

const spoken = ({ at, what }: Fault): string => `${at} ${what}`;

describe('a planted table of PostgreSQL is named:', () => {
  test.each(planted.map(([rule, sql, fault]) => [fault, sql, rule] as const))('%s', async (fault, sql, rule) => {
    await client.query(`BEGIN; ${sql}`);
    const faults = faultsOf(await readPostgresFacts(client, 'auth')).filter((one) => !isExcepted(one));
    await client.query('ROLLBACK');
    expect(faults.map((one) => [one.rule, spoken(one)])).toEqual([[rule, fault]]);
  });

  test('and there is one for each rule', () => {
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(conventions.map(({ rule }) => rule)));
  });

  test('but not one that keeps them', async () => {
    await client.query(`BEGIN; CREATE TABLE auth.lamps (${keyed}, ${reference} ON DELETE SET NULL, is_lit bool, lit_at timestamptz,
      status text, CONSTRAINT ck_lamps_status CHECK (status IN ('on', 'off')));
      CREATE INDEX idx_lamps_user_id_lit_at ON auth.lamps (user_id, lit_at, id) WHERE user_id IS NOT NULL`);
    const faults = faultsOf(await readPostgresFacts(client, 'auth')).filter((one) => !isExcepted(one));
    await client.query('ROLLBACK');
    expect(faults).toEqual([]);
  });
});

const soloHead = 'id TEXT NOT NULL, created_by TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL';
const soloLamps = (column = ''): string => `CREATE TABLE lamps (${soloHead}${column}, CONSTRAINT pk_lamps PRIMARY KEY (id))`;

describe('a planted table of SQLite is named:', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a constraint without a name',
      `CREATE TABLE lamps (${soloHead}, PRIMARY KEY (id))`,
      ['lamps.primary is a primary constraint: it is called pk_lamps'],
    ],
    [
      'a foreign key without name, rule and index',
      soloLamps(', script_id TEXT REFERENCES scripts (id)'),
      [
        'lamps.script_id has ON DELETE NO ACTION',
        'lamps.script_id leads no index',
        'lamps.foreign is a foreign constraint: it is called fk_lamps_',
      ],
    ],
    ['a time that is no text', soloLamps(', lit_at INTEGER'), ['lamps.lit_at is integer, not text']],
    ['a boolean that is no integer', soloLamps(', is_lit TEXT'), ['lamps.is_lit is text, not integer']],
    ['a status without a CHECK', soloLamps(', status TEXT'), ['lamps.status has no CHECK']],
    [
      'an index of another name',
      `${soloLamps()}; CREATE INDEX by_age ON lamps (created_at)`,
      ['lamps.by_age is called idx_lamps_created_at'],
    ],
    ['a column less', soloLamps().replace(', updated_at TEXT NOT NULL', ''), ['lamps.updated_at is missing']],
    ['a singular', `CREATE TABLE lamp (${soloHead}, CONSTRAINT pk_lamp PRIMARY KEY (id))`, ['lamp is not plural snake_case']],
  ])('%s', (_what, sql, faults) => {
    const copy = new Sqlite(sqlite.serialize());
    copy.exec(sql);
    const found = faultsOf(readSqliteFacts(copy)).filter((one) => !isExcepted(one));
    expect(found.map(spoken)).toEqual(faults);
    copy.close();
  });
});
