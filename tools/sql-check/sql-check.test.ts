import { describe, expect, it } from 'vitest';
import { checkStatements } from './check.ts';
import { migrationTexts, readStatements } from './migrations.ts';
import { broken, migrate, path } from './planted.ts';
import { plantedChanges } from './planted-changes.ts';
import { plantedGrammar } from './planted-grammar.ts';
import { plantedMigrations } from './planted-migrations.ts';
import { sqlRules } from './rules.ts';
import { readToolTexts, toolFiles } from './tool-texts.ts';

describe('the SQL of this repository', () => {
  const migrations = readStatements(migrationTexts());
  const tools = readToolTexts(toolFiles());

  it('is readable by PostgreSQL’s own parser, every migration and every text of the database’s tools', () => {
    expect([...migrations.faults, ...tools.faults]).toEqual([]);
  });

  it('keeps every rule', () => {
    expect(checkStatements([...migrations.statements, ...tools.statements], sqlRules)).toEqual([]);
  });

  it('was looked at: every service has migrations, and every tool of the database has statements', () => {
    expect(new Set(migrations.statements.map(({ schema }) => schema))).toEqual(new Set(['auth', 'team', 'audit']));
    expect(new Set(tools.statements.map((statement) => statement.path.split('/')[1]))).toEqual(
      new Set(['db', 'engine', 'migrate']),
    );
    expect(tools.statements.length).toBeGreaterThan(10);
  });
});

describe('a planted migration is refused:', () => {
  it.each([...plantedMigrations, ...plantedChanges, ...plantedGrammar])('%s: %s', (rule, what, text) => {
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
