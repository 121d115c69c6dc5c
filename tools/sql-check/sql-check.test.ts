import { describe, expect, it } from 'vitest';
import { checkStatements } from './check.ts';
import { migrationTexts, readStatements } from './migrations.ts';
import { querySources, readQueries } from './queries.ts';
import { broken, migrate, path, query, queryPath } from './planted.ts';
import { plantedChanges } from './planted-changes.ts';
import { plantedMigrations } from './planted-migrations.ts';
import { sqlRules } from './rules.ts';
import { readToolTexts, toolFiles } from './tool-texts.ts';

describe('the SQL of this repository', () => {
  const migrations = readStatements(migrationTexts());
  const queries = readQueries(querySources());
  const tools = readToolTexts(toolFiles());

  it('is readable by PostgreSQL’s own parser, every migration and every query', () => {
    expect([...migrations.faults, ...queries.faults, ...tools.faults]).toEqual([]);
  });

  it('keeps every rule', () => {
    expect(checkStatements([...migrations.statements, ...queries.statements, ...tools.statements], sqlRules)).toEqual([]);
  });

  it('was looked at: every service has migrations, and every place that has templates has statements', () => {
    expect(new Set(migrations.statements.map(({ schema }) => schema))).toEqual(new Set(['auth', 'team', 'audit']));
    expect(new Set(queries.statements.map(({ schema }) => schema))).toEqual(
      new Set(['schema_of_the_service', 'auth', 'team', 'audit']),
    );
    expect(queries.templates).toBeGreaterThan(50);
    expect(new Set(tools.statements.map((statement) => statement.path.split('/')[1]))).toEqual(
      new Set(['db', 'engine', 'migrate']),
    );
    expect(tools.statements.length).toBeGreaterThan(10);
    expect(queries.statements.length).toBeGreaterThanOrEqual(queries.templates);
  });
});

describe('a planted migration is refused:', () => {
  it.each([...plantedMigrations, ...plantedChanges])('%s: %s', (rule, what, text) => {
    expect(broken(text)).toEqual([`${rule}: ${what}`]);
  });

  it('DO blocks break two rules', () => {
    expect(broken('DO $$ BEGIN END $$')).toEqual(['no statement of one engine only: DO', 'no code in the database: DO']);
  });

  it('a partial index does not serve a foreign key', () => {
    const table =
      'CREATE TABLE IF NOT EXISTS auth.a (user_id text, CONSTRAINT fk_a_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE);';
    expect(broken(`${table} CREATE INDEX IF NOT EXISTS idx_a_user_id ON auth.a (user_id) WHERE user_id = 'x'`)).toEqual([
      'indexed foreign keys: the foreign key auth.a (user_id) without an index',
    ]);
    expect(broken(`${table} CREATE INDEX IF NOT EXISTS idx_a_user_id ON auth.a (user_id)`)).toEqual([]);
    expect(broken(`${table} CREATE INDEX IF NOT EXISTS idx_a_user_id ON auth.a (user_id) WHERE user_id IS NOT NULL`)).toEqual([]);
  });

  it('with file and line, the reason, and the statement', () => {
    const { statements } = readStatements([
      { kind: 'migration', path, line: 1, schema: 'auth', text: '-- One.\n\n-- Two.\nDELETE FROM\n  team.scripts;\n' },
    ]);
    expect(checkStatements(statements, sqlRules)).toEqual([
      `${path}:4: the table team.scripts (this is auth). Rule "own tables only": Every service owns its data. Ask the service that owns the table over its API, or keep a copy fed by its events.\n    DELETE FROM team.scripts`,
    ]);
  });

  it('when PostgreSQL cannot read it, with the line', () => {
    expect(migrate('CREATE TABLE IF NOT EXISTS auth.a (\n  id uuid,\n  oops\n);')).toEqual([
      `${path}:4: PostgreSQL cannot read this: syntax error at or near ")".`,
    ]);
  });
});

describe('a planted query is refused:', () => {
  const foreign = 'the table team.scripts (this is auth)';
  it.each<[string, string, string]>([
    ['another service’s table', 'sql.type(Row)`SELECT id FROM team.scripts WHERE id = ${id}`;', foreign],
    ['in a join', 'sql.type(Row)`SELECT u.id FROM auth.users u JOIN team.scripts s ON s.id = u.id`;', foreign],
    ['in a subselect', 'sql.unsafe`DELETE FROM auth.users WHERE id IN (SELECT id FROM team.scripts)`;', foreign],
    ['in a CTE', 'sql.unsafe`WITH a AS (SELECT id FROM team.scripts) SELECT id FROM a`;', foreign],
    ['in a fragment of a condition', 'sql.fragment`AND EXISTS (SELECT 1 FROM team.scripts)`;', foreign],
    ['in a fragment of a CTE', 'sql.fragment`told AS (INSERT INTO team.scripts (id) VALUES (${id}))`;', foreign],
    ['by sql.identifier', "sql.unsafe`SELECT id FROM ${sql.identifier(['team', 'scripts'])}`;", foreign],
    ['by a const', 'const table = sql.fragment`team.scripts`;\nsql.unsafe`SELECT id FROM ${table}`;', foreign],
    [
      'in one branch',
      'const q = sql.unsafe`SELECT id FROM auth.users ${all ? sql.fragment`` : sql.fragment`WHERE id IN (SELECT id FROM team.scripts)`}`;',
      foreign,
    ],
    ['an unqualified table', 'sql.unsafe`UPDATE users SET name = ${name}`;', 'the unqualified table users'],
    [
      'a CTE of another statement',
      'sql.unsafe`WITH a AS (SELECT 1) SELECT 1`; sql.unsafe`SELECT id FROM a`;',
      'the unqualified table a',
    ],
    ['a star', 'sql.unsafe`SELECT u.* FROM auth.users u`;', 'a star for columns'],
    ['a cast to bare int', 'sql.unsafe`SELECT count(*)::int AS n FROM auth.users`;', 'a bare int'],
    ['an advisory lock', 'sql.unsafe`SELECT pg_advisory_xact_lock(${id})`;', 'pg_advisory_xact_lock()'],
    ['MERGE', 'sql.unsafe`MERGE INTO auth.users u USING auth.roles r ON true WHEN MATCHED THEN DELETE`;', 'MERGE'],
    ['a temporary table', 'sql.unsafe`CREATE TEMP TABLE a (id uuid)`;', 'a temporary or SELECT INTO table'],
  ])('%s', (_name, text, what) => {
    expect(query(text)).toContain(`${queryPath}:${text.split('\n').length}: ${what}`);
  });

  it('one that PostgreSQL cannot read is a failure, not silence', () => {
    expect(query('sql.unsafe`SELEC id FROM auth.users`;')).toEqual([
      `${queryPath}:1: PostgreSQL cannot read this: syntax error at or near "SELEC".\n    SELEC id FROM auth.users`,
    ]);
    expect(query('const a = sql.fragment`) ) (`;')).toEqual([
      `${queryPath}:1: PostgreSQL cannot read this: syntax error at or near ")".\n    ) ) (`,
    ]);
  });
});

describe('an honest query passes:', () => {
  it.each([
    [
      'values, arrays, unnest',
      "sql.type(Row)`SELECT id FROM auth.users WHERE id = ANY(${sql.array(ids, 'text')}) OR id IN (SELECT a FROM ${sql.unnest(rows, ['text'])} AS t (a))`;",
    ],
    [
      'a fragment with a CTE of the statement around it',
      'const w = sql.fragment`EXISTS (SELECT 1 FROM saved)`; sql.unsafe`WITH saved AS (UPDATE auth.users SET name = ${n} RETURNING id) SELECT id FROM saved WHERE ${w}`;',
    ],
    ['count(*)', 'sql.unsafe`SELECT count(*)::int8 AS n FROM auth.users`;'],
    ['a table handed in', 'const read = (table: Fragment) => sql.unsafe`SELECT id FROM ${table}`;'],
    [
      'joined conditions',
      'sql.unsafe`SELECT id FROM auth.users WHERE ${sql.join([sql.fragment`a = ${a}`, sql.fragment`b = ${b}`], sql.fragment` AND `)}`;',
    ],
    ['other tags', 'html`SELECT * FROM team.scripts`;'],
  ])('%s', (_name, text) => {
    expect(query(text)).toEqual([]);
  });
});
