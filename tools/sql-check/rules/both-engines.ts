import { everywhere, type SqlRule, type Statement } from '../rule.ts';
import { functionsIn, isNode, itemsOf, nodesNamed, textsOf, typesIn } from '../tree.ts';

/** Features of PostgreSQL that CockroachDB lacks or interprets differently. */
const forbiddenStatements: Readonly<Record<string, string>> = {
  ListenStmt: 'LISTEN',
  NotifyStmt: 'NOTIFY',
  UnlistenStmt: 'UNLISTEN',
  LockStmt: 'LOCK TABLE',
  MergeStmt: 'MERGE',
  DoStmt: 'DO',
  ConstraintsSetStmt: 'SET CONSTRAINTS',
  CreateStatsStmt: 'CREATE STATISTICS',
};

const functionRule = (name: string, reason: string, pattern: RegExp): SqlRule =>
  everywhere({ name, reason }, ({ node }) =>
    functionsIn(node)
      .filter((called) => pattern.test(called))
      .map((called) => `${called}()`),
  );

export const engineRules: readonly SqlRule[] = [
  functionRule(
    'no advisory locks',
    'They do nothing on CockroachDB, silently. Let one statement decide the race, or claim a lease row.',
    /^pg_(try_)?advisory_/,
  ),
  functionRule('no LISTEN/NOTIFY by function', 'CockroachDB has no channels. Leave an event in the outbox.', /^pg_notify$/),
  functionRule(
    'no full-text search',
    'The two engines differ in it. Search by a normalised column and an ordinary index.',
    /^((to_|websearch_to_|plainto_|phraseto_)?ts(vector|query)|ts_rank(_cd)?|ts_headline|setweight)$/,
  ),
  functionRule(
    'no sequences by function',
    'Sequences are hot spots and leave gaps. Use gen_random_uuid().',
    /^(nextval|currval|setval|lastval)$/,
  ),
  everywhere(
    {
      name: 'no statement of one engine only',
      reason: 'Only one of the two engines takes it. Use a plain statement, or the outbox for messages.',
    },
    ({ type }) => (forbiddenStatements[type] === undefined ? [] : [forbiddenStatements[type]]),
  ),
  everywhere(
    {
      name: 'integers say their size',
      reason: '`int` is 32 bits on PostgreSQL and 64 on CockroachDB. Write int8 (or int2, int4), also in casts.',
    },
    ({ node, text }) =>
      saysBareInt(text)
        ? typesIn(node)
            .filter((type) => type === 'pg_catalog.int4')
            .map(() => 'a bare int')
        : [],
  ),
  everywhere(
    { name: 'no collations', reason: 'The engines name collations differently. Store a normalised text and sort by it.' },
    ({ node }) =>
      [
        ...nodesNamed(node, 'CollateClause', 'collClause'),
        ...nodesNamed(node, 'IndexElem').filter(({ collation }) => collation !== undefined),
      ].map(() => 'COLLATE'),
  ),
  everywhere(
    { name: 'no system columns', reason: 'CockroachDB has no xmax or ctid. Use the row’s key and version.' },
    ({ node }) =>
      nodesNamed(node, 'ColumnRef')
        .map(({ fields }) => textsOf(fields).at(-1) ?? '')
        .filter((column) => /^(xmin|xmax|cmin|cmax|ctid|tableoid)$/.test(column)),
  ),
  everywhere({ name: 'no temporary tables', reason: 'They bind work to one connection. Use a CTE.' }, ({ node, type }) =>
    isTemporary(node) || (type === 'SelectStmt' && isNode(node['intoClause'])) ? ['a temporary or SELECT INTO table'] : [],
  ),
  everywhere(
    { name: 'no types of one engine', reason: 'CockroachDB lacks or differs in it. Use text, jsonb or two columns.' },
    ({ node }) => typesIn(node).filter((type) => /(^|\.)(citext|tsvector|tsquery|money|xml|\w*range)$/.test(type)),
  ),
  everywhere(
    { name: 'no EXPLAIN (FORMAT JSON)', reason: 'CockroachDB’s plans have another form. Use plain EXPLAIN, read by a human.' },
    ({ node, type }) =>
      type === 'ExplainStmt' && itemsOf(node['options'], 'DefElem').some(({ defname }) => defname === 'format')
        ? ['EXPLAIN with FORMAT']
        : [],
  ),
  everywhere(
    {
      name: 'no comments on code',
      reason: 'There is no code in the database to comment on. Write the comment into the migration.',
    },
    ({ node, type }) =>
      type === 'CommentStmt' && /^OBJECT_(FUNCTION|PROCEDURE|ROUTINE|TRIGGER|RULE|POLICY)$/.test(String(node['objtype']))
        ? [`COMMENT ON ${String(node['objtype']).replace('OBJECT_', '')}`]
        : [],
  ),
  everywhere({ name: 'no TRUNCATE RESTART IDENTITY', reason: 'CockroachDB refuses it. Delete the rows.' }, ({ node, type }) =>
    type === 'TruncateStmt' && node['restart_seqs'] === true ? ['RESTART IDENTITY'] : [],
  ),
  everywhere(
    { name: 'no jsonpath operators', reason: 'CockroachDB lacks @? and @@. Use ->, ->>, @> and ordinary columns.' },
    ({ node }) =>
      nodesNamed(node, 'A_Expr')
        .map(({ name }) => textsOf(name).join('.'))
        .filter((operator) => operator === '@?' || operator === '@@')
        .map((operator) => `the operator ${operator}`),
  ),
];

/** PostgreSQL understands `int` and `int4` the same; only the first differs on CockroachDB. */
const saysBareInt = (text: string): boolean => /\b(int|integer)\b/i.test(text);

const isTemporary = (node: Statement['node']): boolean =>
  isNode(node['relation'])
    ? node['relation']['relpersistence'] === 't'
    : isNode(node['view']) && node['view']['relpersistence'] === 't';
