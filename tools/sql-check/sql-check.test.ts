import { describe, expect, it } from 'vitest';
import { checkStatements } from './check.ts';
import { migrationTexts, readStatements } from './migrations.ts';
import { querySources, readQueries } from './queries.ts';
import { sqlRules } from './rules.ts';

describe('the SQL of this repository', () => {
  const migrations = readStatements(migrationTexts());
  const queries = readQueries(querySources());

  it('is readable by PostgreSQL’s own parser, every migration and every query', () => {
    expect([...migrations.faults, ...queries.faults]).toEqual([]);
  });

  it('keeps every rule', () => {
    expect(checkStatements([...migrations.statements, ...queries.statements], sqlRules)).toEqual([]);
  });

  it('was looked at: every service has migrations, and every place that has templates has statements', () => {
    expect(new Set(migrations.statements.map(({ schema }) => schema))).toEqual(new Set(['auth', 'team', 'audit']));
    expect(new Set(queries.statements.map(({ schema }) => schema))).toEqual(
      new Set(['schema_of_the_service', 'auth', 'team', 'audit']),
    );
    expect(queries.templates).toBeGreaterThan(50);
    expect(queries.statements.length).toBeGreaterThanOrEqual(queries.templates);
  });
});

const path = 'services/auth/migrations/0001_planted.up.sql';

/** What is said of one migration of auth: the rules that it breaks, with what was found. */
const migrate = (text: string): string[] => {
  const { statements, faults } = readStatements([{ kind: 'migration', path, line: 1, schema: 'auth', text }]);
  return [...faults, ...checkStatements(statements, sqlRules)].map((said) => said.split('\n')[0] ?? '');
};
const broken = (text: string): string[] =>
  migrate(text).map((said) => {
    const [, what = said, rule = ''] = /^[^ ]+ (.*)\. Rule "([^"]+)"/.exec(said) ?? [];
    return `${rule}: ${what}`;
  });

describe('a planted migration is refused:', () => {
  it.each<[string, string, string]>([
    ['own tables only', 'the table team.communities (this is auth)', 'DELETE FROM team.communities'],
    ['own tables only', 'the table team.communities (this is auth)', 'DROP TABLE IF EXISTS team.communities'],
    ['own tables only', 'the table team.* (this is auth)', 'CREATE SCHEMA IF NOT EXISTS team'],
    ['qualified tables', 'the unqualified table users', 'CREATE TABLE IF NOT EXISTS users (id uuid NOT NULL)'],
    ['qualified tables', 'the unqualified table users', 'DROP TABLE IF EXISTS users'],
    ['no advisory locks', 'pg_advisory_lock()', 'SELECT pg_advisory_lock(1)'],
    ['no advisory locks', 'pg_try_advisory_xact_lock()', 'SELECT pg_try_advisory_xact_lock(1)'],
    ['no LISTEN/NOTIFY by function', 'pg_notify()', "SELECT pg_notify('a', 'b')"],
    ['no statement of one engine only', 'LISTEN', 'LISTEN events'],
    ['no statement of one engine only', 'LOCK TABLE', 'LOCK TABLE auth.users'],
    ['no full-text search', 'to_tsvector()', "SELECT to_tsvector('a')"],
    ['no sequences by function', 'nextval()', "SELECT nextval('a')"],
    ['integers say their size', 'a bare int', 'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS age int'],
    ['integers say their size', 'a bare int', 'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS age integer'],
    ['no collations', 'COLLATE', 'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS n text COLLATE "C"'],
    ['no system columns', 'xmax', 'SELECT xmax FROM auth.users'],
    ['no TRUNCATE RESTART IDENTITY', 'RESTART IDENTITY', 'TRUNCATE auth.users RESTART IDENTITY'],
    ['no jsonpath operators', 'the operator @?', "SELECT a @? '$.b' FROM auth.users"],
    ['named columns', 'a star for columns', 'SELECT * FROM auth.users'],
    [
      'no code in the database',
      'CREATE TRIGGER',
      'CREATE TRIGGER t BEFORE INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION f()',
    ],
    [
      'no code in the database',
      'CREATE FUNCTION or PROCEDURE',
      "CREATE FUNCTION auth.f() RETURNS int8 LANGUAGE sql AS 'SELECT 1'",
    ],
    ['no types of our own', 'CREATE TYPE … AS ENUM', "CREATE TYPE auth.status AS ENUM ('a')"],
    ['no types of our own', 'CREATE DOMAIN', 'CREATE DOMAIN auth.email AS text'],
    ['no types of our own', 'CREATE EXTENSION', 'CREATE EXTENSION IF NOT EXISTS citext'],
    ['no row-level security', 'CREATE POLICY', 'CREATE POLICY p ON auth.users USING (true)'],
    [
      'plain views only',
      'CREATE MATERIALIZED VIEW or TABLE AS',
      'CREATE MATERIALIZED VIEW IF NOT EXISTS auth.v AS SELECT 1 AS one',
    ],
    ['no serial or identity', 'bigserial', 'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS n bigserial'],
    [
      'no serial or identity',
      'GENERATED … AS IDENTITY',
      'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS n int8 GENERATED ALWAYS AS IDENTITY',
    ],
    [
      'no generated columns',
      'a generated column',
      'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS n int8 GENERATED ALWAYS AS (1) STORED',
    ],
    ['no types of one engine', 'citext', 'ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS n citext'],
    ['uniqueness by index', 'a UNIQUE constraint', 'CREATE TABLE IF NOT EXISTS auth.a (id uuid, CONSTRAINT uq_a_id UNIQUE (id))'],
    ['named constraints', 'an unnamed primary constraint', 'CREATE TABLE IF NOT EXISTS auth.a (id uuid PRIMARY KEY)'],
    ['named constraints', 'an unnamed check constraint', 'CREATE TABLE IF NOT EXISTS auth.a (id uuid, CHECK (id IS NOT NULL))'],
    [
      'no deferred or excluding constraints',
      'DEFERRABLE',
      'CREATE TABLE IF NOT EXISTS auth.a (id uuid, CONSTRAINT pk_a PRIMARY KEY (id), CONSTRAINT fk_a_id FOREIGN KEY (id) REFERENCES auth.users (id) ON DELETE CASCADE DEFERRABLE)',
    ],
    [
      'a stated delete rule',
      'a foreign key without ON DELETE',
      'CREATE TABLE IF NOT EXISTS auth.a (id uuid, CONSTRAINT pk_a PRIMARY KEY (id), CONSTRAINT fk_a_id FOREIGN KEY (id) REFERENCES auth.users (id))',
    ],
    ['plain tables', 'INHERITS', 'CREATE TABLE IF NOT EXISTS auth.a (id uuid) INHERITS (auth.users)'],
    ['plain tables', 'UNLOGGED', 'CREATE UNLOGGED TABLE IF NOT EXISTS auth.a (id uuid)'],
    ['plain tables', 'a partitioned table', 'CREATE TABLE IF NOT EXISTS auth.a (id uuid) PARTITION BY HASH (id)'],
    ['repeatable statements', 'Create that fails when run twice', 'CREATE TABLE auth.a (id uuid)'],
    ['repeatable statements', 'Index that fails when run twice', 'CREATE INDEX idx_users_email ON auth.users (email)'],
    ['repeatable statements', 'Drop that fails when run twice', 'DROP TABLE auth.a'],
    ['repeatable statements', 'AlterTable that fails when run twice', 'ALTER TABLE auth.a ADD COLUMN b text'],
    ['repeatable statements', 'Insert that fails when run twice', "INSERT INTO auth.roles (name) VALUES ('a')"],
    ['plain indexes', 'CONCURRENTLY', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_users_email ON auth.users (email)'],
    ['plain indexes', 'CONCURRENTLY', 'DROP INDEX CONCURRENTLY IF EXISTS auth.idx_users_email'],
    [
      'plain indexes',
      'NULLS NOT DISTINCT',
      'CREATE UNIQUE INDEX IF NOT EXISTS uq_users_email ON auth.users (email) NULLS NOT DISTINCT',
    ],
    ['plain indexes', 'text_pattern_ops', 'CREATE INDEX IF NOT EXISTS idx_users_email ON auth.users (email text_pattern_ops)'],
    [
      'index names',
      'an index named emails instead of uq_users_…',
      'CREATE UNIQUE INDEX IF NOT EXISTS emails ON auth.users (email)',
    ],
    ['no change of type in place', 'ALTER COLUMN … TYPE', 'ALTER TABLE auth.users ALTER COLUMN email TYPE varchar'],
    ['no DROP CASCADE', 'CASCADE', 'DROP TABLE IF EXISTS auth.users CASCADE'],
    [
      'one change a file',
      'a second change in the file',
      'CREATE TABLE IF NOT EXISTS auth.a (id uuid); ALTER TABLE auth.users DROP COLUMN IF EXISTS email',
    ],
    [
      'one change a file',
      'a second CREATE TABLE in the file',
      'CREATE TABLE IF NOT EXISTS auth.a (id uuid); CREATE TABLE IF NOT EXISTS auth.b (id uuid)',
    ],
    [
      'one change a file',
      'a second change in the file',
      'CREATE TABLE IF NOT EXISTS auth.a (id uuid); INSERT INTO auth.a (id) VALUES (NULL) ON CONFLICT DO NOTHING',
    ],
    [
      'indexed foreign keys',
      'the foreign key auth.a (user_id) without an index',
      'CREATE TABLE IF NOT EXISTS auth.a (user_id text, CONSTRAINT fk_a_user_id FOREIGN KEY (user_id) REFERENCES auth.users (id) ON DELETE CASCADE)',
    ],
    [
      'indexed foreign keys',
      'the foreign key auth.a (user_id) without an index',
      'ALTER TABLE auth.a ADD COLUMN IF NOT EXISTS user_id text CONSTRAINT fk_a_user_id REFERENCES auth.users (id) ON DELETE CASCADE',
    ],
  ])('%s: %s', (rule, what, text) => {
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

const queryPath = 'services/auth/src/store/planted.ts';

/** What is said of one source file of auth. */
const query = (text: string): string[] => {
  const { statements, faults } = readQueries([{ schema: 'auth', files: [{ path: queryPath, text }] }]);
  return [...new Set([...faults, ...checkStatements(statements, sqlRules)])].map((said) => said.split('. Rule')[0] ?? '');
};

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
