import { draftMigrations, type SchemaModel } from '@guildhall/migrate';
import { describe, expect, it } from 'vitest';
import { checkStatements } from './check.ts';
import { readStatements } from './migrations.ts';
import { broken, migrate, query } from './planted.ts';
import { plantedChanges, plantedDestruction } from './planted-changes.ts';
import { plantedGrammar } from './planted-grammar.ts';
import { plantedMigrations } from './planted-migrations.ts';
import { sqlRules } from './rules.ts';
import { readToolTexts } from './tool-texts.ts';

/** Their planted statements stand below, because they need more than one text. */
const plantedHere = ['destructive steps tell their place', 'nulls have a place'];

it('every rule has a planted statement that breaks it, and a reason that says what to write instead', () => {
  const planted = new Set([
    ...plantedHere,
    ...[...plantedMigrations, ...plantedChanges, ...plantedGrammar].map(([rule]) => rule),
  ]);
  expect(sqlRules.filter(({ name }) => !planted.has(name)).map(({ name }) => name)).toEqual([]);
  expect(sqlRules.filter(({ reason }) => !/\. .*\.$/.test(reason)).map(({ name }) => name)).toEqual([]);
});

describe('a destructive step', () => {
  it.each(plantedDestruction)('%s is refused without a note', (what, text) => {
    expect(migrate(text).join('\n')).toContain(`${what} without a note. Rule "destructive steps tell their place"`);
    expect(broken(text).join('\n')).not.toContain('destructive steps');
  });

  it('passes in a down file, and with "-- Expand: …"', () => {
    const down = { kind: 'migration', path: 'services/auth/migrations/0001_a.down.sql', line: 1, schema: 'auth' } as const;
    const { statements } = readStatements([{ ...down, text: 'DROP TABLE IF EXISTS auth.users' }]);
    expect(checkStatements(statements, sqlRules)).toEqual([]);
    expect(migrate('-- Expand: no program reads it yet.\nDROP TABLE IF EXISTS auth.users')).toEqual([]);
  });
});

const table = `CREATE TABLE IF NOT EXISTS auth.lamps (id uuid NOT NULL, lit_at timestamptz, CONSTRAINT pk_lamps PRIMARY KEY (id));`;

/** Checks a SELECT on a table whose lit_at may be null, and on whatever the migration before it made of it. */
const ordered = (select: string, before = ''): string[] => {
  const migration = { kind: 'migration', path: 'services/auth/migrations/0001_a.up.sql', line: 1, schema: 'auth' } as const;
  const { statements } = readStatements([
    { ...migration, text: table },
    { ...migration, path: 'services/auth/migrations/0002_b.up.sql', text: `-- Expand: none.\n${before}` },
    { ...migration, kind: 'query', text: select },
  ]);
  return checkStatements(statements, sqlRules).map((said) => said.split('. Rule')[0] ?? '');
};
describe('nulls have a place:', () => {
  const fault = 'services/auth/migrations/0001_a.up.sql:1: ORDER BY lit_at, which may be null';

  it.each([
    ['a bare ORDER BY', 'SELECT id FROM auth.lamps ORDER BY lit_at'],
    ['with a direction', 'SELECT l.id FROM auth.lamps l ORDER BY l.lit_at DESC'],
    ['in a window', 'SELECT rank() OVER (ORDER BY lit_at) AS place FROM auth.lamps'],
    ['in a CTE', 'WITH a AS (SELECT id FROM auth.lamps ORDER BY lit_at LIMIT 1) SELECT id FROM a'],
    ['in a subselect', 'DELETE FROM auth.lamps WHERE id IN (SELECT id FROM auth.lamps ORDER BY lit_at LIMIT 5)'],
    ['where only one branch asks for a value', 'SELECT id FROM auth.lamps WHERE lit_at IS NOT NULL OR id = $1 ORDER BY lit_at'],
  ])('%s is refused', (_what, select) => {
    expect(ordered(select)).toEqual([fault]);
  });

  it.each([
    ['NULLS LAST', 'SELECT id FROM auth.lamps ORDER BY lit_at NULLS LAST', ''],
    ['a column that is never null', 'SELECT id FROM auth.lamps ORDER BY id', ''],
    ['IS NOT NULL', 'SELECT id FROM auth.lamps WHERE lit_at IS NOT NULL AND id <> $1 ORDER BY lit_at', ''],
    ['a comparison', 'SELECT id FROM auth.lamps WHERE lit_at >= $1 ORDER BY lit_at', ''],
    [
      'a later SET NOT NULL',
      'SELECT id FROM auth.lamps ORDER BY lit_at',
      'ALTER TABLE auth.lamps ALTER COLUMN lit_at SET NOT NULL',
    ],
  ])('%s passes', (_what, select, before) => {
    expect(ordered(select, before)).toEqual([]);
  });
});

const lamps = {
  name: 'lamps',
  columns: ['id uuid NOT NULL', 'watts bigint'],
  constraints: ['CONSTRAINT pk_lamps PRIMARY KEY (id)'],
  indexes: [],
};
const other = {
  ...lamps,
  columns: ['colour text NOT NULL', 'id uuid NOT NULL DEFAULT gen_random_uuid()'],
  constraints: [...lamps.constraints, "CONSTRAINT ck_lamps_colour CHECK ((colour <> ''::text))"],
  indexes: ['CREATE INDEX idx_lamps_colour ON auth.lamps USING btree (colour)'],
};
const modelOf = (...tables: SchemaModel['tables']): SchemaModel => ({
  tables,
  views: tables.map(({ name }) => ({ name: `lit_${name}`, definition: `SELECT id FROM auth.${name}` })),
});

it.each<[string, SchemaModel, SchemaModel]>([
  ['creating', modelOf(), modelOf(lamps)],
  ['changing', modelOf(lamps), modelOf(other)],
  ['changing back', modelOf(other), modelOf(lamps)],
  ['dropping', modelOf(other), modelOf()],
])('what make migrate-draft proposes keeps the rules: %s', (_what, before, after) => {
  const drafts = draftMigrations('auth', before, after);
  expect(drafts.length).toBeGreaterThan(0);
  for (const { up, down } of drafts) {
    expect(migrate(up.join(up[0]?.startsWith('--') === true ? '\n' : ';\n'))).toEqual([]);
    expect(migrate(`-- Contract: down.\n${down.join(';\n')}`)).toEqual([]);
  }
});

describe('what only CockroachDB has is refused with what to write instead:', () => {
  it.each([
    ['UPSERT', 'UPSERT INTO auth.users (id) VALUES (1)', 'write INSERT … ON CONFLICT (columns) DO UPDATE'],
    ['STORING', 'CREATE INDEX IF NOT EXISTS idx_users_email ON auth.users (email) STORING (id)', 'leave it out'],
    ['AS OF SYSTEM TIME', "SELECT id FROM auth.users AS OF SYSTEM TIME '-1s'", 'read what is there now'],
    ['UPDATE … LIMIT', "UPDATE auth.users SET email = 'a' LIMIT 5", 'write WHERE id IN (SELECT … LIMIT …)'],
    ['DELETE … LIMIT', 'DELETE FROM auth.users LIMIT 5', 'write WHERE id IN (SELECT … LIMIT …)'],
  ])('%s', (_what, text, instead) => {
    expect(migrate(text)).toEqual([expect.stringMatching(/PostgreSQL cannot read this: syntax error.*CockroachDB’s own/)]);
    expect(migrate(text)[0]).toContain(instead);
    expect(query(text)[0]).toContain(instead);
  });
});

describe('honest SQL passes:', () => {
  it.each([
    ['division of decimals', 'SELECT attempts::float8 / 2 AS half FROM auth.auth_codes'],
    ['division with a decimal', 'SELECT trunc(attempts / 2.0)::int8 AS half FROM auth.auth_codes'],
    ['a cast length', 'SELECT length(email)::int8 AS n FROM auth.users'],
    [
      'two tables changed',
      'WITH gone AS (DELETE FROM auth.roles WHERE name = $1) UPDATE auth.users SET email = $2 WHERE id = $3',
    ],
  ])('%s', (_what, text) => {
    expect(query(text)).toEqual([]);
  });
});

/** Checks one source file of the tools. */
const read = (text: string): string[] => {
  const { statements, faults } = readToolTexts([{ path: 'libs/migrate/src/planted.ts', text }]);
  return [...faults, ...checkStatements(statements, sqlRules)].map((said) => said.split('. Rule')[0] ?? '');
};
describe('SQL in the texts of the tools of the database', () => {
  const at = 'libs/migrate/src/planted.ts:1: ';

  it.each([
    ['an advisory lock', "client.query('SELECT pg_advisory_lock(1)');", `${at}pg_advisory_lock()`],
    ['a bare int', 'client.query(`CREATE TABLE IF NOT EXISTS ${schema}.locks (id int)`);', `${at}a bare int`],
    ['LOCK TABLE after SET', 'client.query("SET x = 1; LOCK TABLE a.b");', `${at}LOCK TABLE`],
    ['a division', 'const q = `UPDATE ${table} SET a = b / 2 WHERE id = ${id}`;', `${at}a division of what may be integers`],
    [
      'what cannot be read',
      "client.query('SELECT FROM WHERE');",
      `${at}PostgreSQL cannot read this: syntax error at or near "WHERE".\n    SELECT FROM WHERE`,
    ],
  ])('%s is refused', (_what, text, fault) => {
    expect(read(text)).toContain(fault);
  });

  it.each([
    ['a catalog', "client.query('SELECT relname FROM pg_class');"],
    ['words of a message', "throw new Error('SET to nothing: DROP TABLE names it');"],
    ['SQLite', "db.prepare('SELECT name FROM sqlite_schema LIMIT -1');"],
  ])('%s passes', (_what, text) => {
    expect(read(text)).toEqual([]);
  });
});
