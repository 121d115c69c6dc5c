import { channel } from 'node:diagnostics_channel';
import { sql, type Query } from '@guildhall/db';
import { describe, expect, it } from 'vitest';
import { captureStatements, newFolder, takeCaptured } from './capture-folder.ts';
import { checkCaptured } from './captured.ts';
import { query, queryPath } from './planted.ts';
import { judgeRun } from './reporter.ts';
import { isWrittenBy, templateFiles, templatesIn } from './templates.ts';

const templatesOf = (text: string) => templatesIn({ path: queryPath, text });
const owner = 'services/auth';
/** The text of a statement as the driver sends it: slonik numbers the placeholders at the very end. */
const sent = ({ sql: text }: Query): string => text.replaceAll(/\$slonik_(\d+)/g, '$$$1');
const said = (faults: readonly string[]): string[] => faults.map((fault) => fault.split('. Rule')[0] ?? '');
const foreign = 'the table team.scripts (this is auth)';

describe('a planted query is refused:', () => {
  it.each<[string, string, string]>([
    ['another service’s table', 'SELECT id FROM team.scripts WHERE id = $1', foreign],
    ['in a join', 'SELECT u.id FROM auth.users u JOIN team.scripts s ON s.id = u.id', foreign],
    ['in a subselect', 'DELETE FROM auth.users WHERE id IN (SELECT id FROM team.scripts)', foreign],
    ['in a CTE', 'WITH a AS (SELECT id FROM team.scripts) SELECT id FROM a', foreign],
    ['an unqualified table', 'UPDATE users SET name = $1', 'the unqualified table users'],
    ['a star', 'SELECT u.* FROM auth.users u', 'a star for columns'],
    ['a cast to bare int', 'SELECT count(*)::int AS n FROM auth.users', 'a bare int'],
    ['an advisory lock', 'SELECT pg_advisory_xact_lock($1)', 'pg_advisory_xact_lock()'],
    ['MERGE', 'MERGE INTO auth.users u USING auth.roles r ON true WHEN MATCHED THEN DELETE', 'MERGE'],
    ['a temporary table', 'CREATE TEMP TABLE a (id uuid)', 'a temporary or SELECT INTO table'],
  ])('%s', (_what, text, fault) => {
    expect(query(text)).toContain(`${queryPath}:1: ${fault}`);
  });

  it('one that PostgreSQL cannot read', () => {
    expect(query('SELEC id FROM auth.users')).toEqual([
      `${queryPath}:1: PostgreSQL cannot read this: syntax error at or near "SELEC".\n    SELEC id FROM auth.users`,
    ]);
  });
});

/** Templates as they stand in a source file, and what they write when the program runs. */
const written: readonly (readonly [what: string, source: string, statement: Query])[] = [
  ['a value', 'sql.unsafe`SELECT id FROM auth.users WHERE id = ${id}`', sql.unsafe`SELECT id FROM auth.users WHERE id = ${'a'}`],
  [
    'an array and rows',
    "sql.unsafe`SELECT id FROM auth.users WHERE id = ANY(${sql.array(ids, 'text')}) OR id IN (SELECT a FROM ${sql.unnest(rows, ['text'])} AS t (a))`",
    sql.unsafe`SELECT id FROM auth.users WHERE id = ANY(${sql.array(['a'], 'text')}) OR id IN (SELECT a FROM ${sql.unnest([['b']], ['text'])} AS t (a))`,
  ],
  [
    'joined conditions',
    'sql.unsafe`SELECT id FROM auth.users WHERE ${sql.join(conditions, sql.fragment` AND `)}`',
    sql.unsafe`SELECT id FROM auth.users WHERE ${sql.join([sql.fragment`id = ${'a'}`, sql.fragment`email = ${'b'}`], sql.fragment` AND `)}`,
  ],
  [
    'a fragment around which the statement has a CTE',
    'const isSaved = sql.fragment`EXISTS (SELECT 1 FROM saved)`; sql.type(Row)`WITH saved AS (UPDATE auth.users SET email = ${email} RETURNING id) SELECT id FROM saved WHERE ${isSaved}`',
    sql.unsafe`WITH saved AS (UPDATE auth.users SET email = ${'a'} RETURNING id) SELECT id FROM saved WHERE ${sql.fragment`EXISTS (SELECT 1 FROM saved)`}`,
  ],
  [
    'lines as they stand',
    'sql.unsafe`\n  SELECT id\n  FROM auth.users\n  WHERE id = ${id}`',
    sql.unsafe`
  SELECT id
  FROM auth.users
  WHERE id = ${'a'}`,
  ],
];

describe('what a template writes is known as its own:', () => {
  it.each(written)('%s', (_what, source, statement) => {
    const report = checkCaptured([{ owner, text: sent(statement) }], templatesOf(source));
    expect(report).toMatchObject({ faults: [], statements: 1 });
    expect(report.unseen.filter(({ kind }) => kind === 'statement')).toEqual([]);
  });

  it('another text is not', () => {
    const [template] = templatesOf('sql.unsafe`SELECT id FROM auth.users WHERE id = ${id} LIMIT 1`');
    if (template === undefined) throw new Error('No template was found.');
    expect(isWrittenBy(template, 'SELECT id FROM auth.users WHERE id = $1 LIMIT 1')).toBe(true);
    for (const text of ['SELECT id FROM auth.users WHERE id = $1', 'SELECT id FROM auth.roles WHERE id = $1 LIMIT 1', ''])
      expect(isWrittenBy(template, text)).toBe(false);
  });

  it('a fault is told with the line of the template, whatever wrote the table', () => {
    const text = sent(sql.unsafe`SELECT id FROM ${sql.identifier(['team', 'scripts'])}`);
    const templates = templatesOf("const a = 1;\nsql.unsafe`SELECT id FROM ${sql.identifier(['team', 'scripts'])}`;");
    expect(said(checkCaptured([{ owner, text }], templates).faults)).toEqual([`${queryPath}:2: ${foreign}`]);
    expect(checkCaptured([{ owner: 'services/team-resources', text }], templates).faults).toEqual([]);
  });

  it('one that is made of fragments alone is known by them', () => {
    const templates = templatesOf(
      'sql.unsafe`WITH ${claimed} ${rest}`; const claimed = sql.fragment`claimed AS (SELECT id FROM auth.users WHERE id = ${id})`;',
    );
    const own = 'WITH claimed AS (SELECT id FROM auth.users WHERE id = $1) SELECT * FROM claimed';
    expect(said(checkCaptured([{ owner, text: own }], templates).faults)).toEqual([`${queryPath}:1: a star for columns`]);
    const alone = templatesOf('sql.unsafe`${changed}`; const changed = sql.fragment`UPDATE auth.users SET name = ${name}`;');
    expect(checkCaptured([{ owner, text: 'UPDATE auth.users SET name = $1' }], alone)).toMatchObject({ faults: [], unseen: [] });
    expect(checkCaptured([{ owner, text: 'WITH a AS (UPDATE auth.users SET name = $1) SELECT 1' }], alone).statements).toBe(0);
    const ofTest = 'WITH a AS (SELECT 1) SELECT * FROM a';
    expect(checkCaptured([{ owner, text: ofTest }], templates)).toMatchObject({ faults: [], statements: 0 });
  });

  it('what only a test sent is not checked', () => {
    const report = checkCaptured([{ owner, text: 'SELECT * FROM team.scripts' }], templatesOf('sql.unsafe`SELECT 1::int8 AS n`'));
    expect(report).toMatchObject({ faults: [], statements: 0 });
    expect(report.unseen).toHaveLength(1);
  });
});

describe('a template that no test reaches', () => {
  const source = `sql.unsafe\`SELECT id FROM auth.users \${all ? sql.fragment\`\` : sql.fragment\`WHERE deleted_at IS NULL\`}\`;
html\`SELECT * FROM team.scripts\`;`;
  const run = {
    captured: [{ owner, text: 'SELECT id FROM auth.users ' }],
    templates: templatesOf(source),
    migrations: [],
  };

  it('is a fault of a whole run, in a branch too', () => {
    expect(judgeRun({ ...run, isWhole: true })).toMatchObject({
      faults: [
        `${queryPath}:1: No test sends this to a database. Let a contract or store test reach it, or remove it.\n    WHERE deleted_at IS NULL`,
      ],
      summary: 'SQL: 1 statements of 2 of 3 templates checked, 1 faults',
    });
  });

  it('is none of a part, which says so', () => {
    expect(judgeRun({ ...run, isWhole: false })).toMatchObject({
      faults: [],
      summary:
        'SQL: 1 statements of 2 of 3 templates checked, 0 faults; a part of the tests ran, so templates without statements are no fault',
    });
  });
});

it('templates are found in every service and in the libs', () => {
  const homes = new Set(
    templateFiles()
      .flatMap(templatesIn)
      .map(({ path: file }) => file.split('/').slice(0, 2).join('/')),
  );
  expect([...homes].toSorted()).toEqual(
    expect.arrayContaining(['libs/db', 'services/audit', 'services/auth', 'services/team-resources']),
  );
});

it('each statement that a test file sends is written down once', () => {
  const folder = newFolder();
  const finish = captureStatements(folder, owner);
  const text = 'SELECT 1::int8 AS captured';
  for (let times = 0; times < 2; times += 1) channel('guildhall.db.statement').publish({ text });
  finish();
  channel('guildhall.db.statement').publish({ text: 'SELECT 2::int8 AS later' });
  expect(takeCaptured(folder)).toEqual([{ owner, text }]);
});

it('a statement is that of the service whose connection it takes, whichever test file runs meanwhile', () => {
  const folder = newFolder();
  const finish = captureStatements(folder, 'services/audit');
  const names = ['guildhall-auth', 'team-resources-test', 'guildhall-rotate-keys', 'test'];
  for (const applicationName of names) channel('guildhall.db.statement').publish({ text: applicationName, applicationName });
  finish();
  expect(takeCaptured(folder).map(({ owner: sender }) => sender)).toEqual([
    'services/auth',
    'services/team-resources',
    'services/audit',
    'services/audit',
  ]);
});
