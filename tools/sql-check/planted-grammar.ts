const rule = 'the grammar of both engines';

/** SQL that PostgreSQL reads and CockroachDB's grammar does not. */
export const plantedGrammar: readonly (readonly [rule: string, what: string, text: string])[] = [
  [rule, 'ORDER BY in an aggregate with DISTINCT', 'SELECT array_agg(DISTINCT name ORDER BY name) AS names FROM auth.roles'],
  [
    rule,
    'ORDER BY in an aggregate with DISTINCT',
    "SELECT coalesce(string_agg(DISTINCT r.name, ',' ORDER BY r.name) FILTER (WHERE r.name IS NOT NULL), '') AS names FROM auth.roles AS r",
  ],
  [
    rule,
    'WITHIN GROUP with several keys',
    'SELECT rank(1, 2) WITHIN GROUP (ORDER BY attempts, email) AS place FROM auth.auth_codes',
  ],
  [rule, 'VARIADIC', "SELECT concat(VARIADIC ARRAY['a', 'b']) AS text FROM auth.users"],
  [rule, 'an argument by name', 'SELECT make_interval(secs => 1.5) AS pause FROM auth.users'],
  [rule, 'GROUPING SETS, ROLLUP or CUBE', 'SELECT email FROM auth.users GROUP BY ROLLUP (email)'],
  [rule, 'TABLESAMPLE', 'SELECT id FROM auth.users TABLESAMPLE system (10)'],
  [rule, 'FETCH … WITH TIES', 'SELECT id FROM auth.users ORDER BY id FETCH FIRST 3 ROWS WITH TIES'],
  [rule, 'IS JSON', 'SELECT id FROM auth.users WHERE email IS JSON'],
  [rule, 'JSON_OBJECT', "SELECT json_object('a' VALUE id) AS o FROM auth.users"],
  [rule, 'a slice of an array', 'SELECT permissions[1:2] AS two FROM auth.roles'],
  [
    rule,
    'SEARCH or CYCLE',
    'WITH RECURSIVE t (id) AS (SELECT id FROM auth.users UNION ALL SELECT id FROM t) SEARCH DEPTH FIRST BY id SET place SELECT id FROM t',
  ],
  [rule, 'OVERLAPS', 'SELECT id FROM auth.sessions WHERE (created_at, expires_at) OVERLAPS (now(), now())'],
];
