import { inMigrations, type SqlRule, type Statement } from '../rule.ts';
import { isNode, itemsOf, nodesNamed, tableNameOf, textsOf, typesIn, type TreeNode } from '../tree.ts';

const forbidden = (name: string, reason: string, statements: Readonly<Record<string, string>>): SqlRule =>
  inMigrations({ name, reason }, ({ type }) => (statements[type] === undefined ? [] : [statements[type]]));

const constraintsIn = ({ node }: Statement): TreeNode[] => nodesNamed(node, 'Constraint');

const columnTypes = ({ node }: Statement): string[] =>
  nodesNamed(node, 'ColumnDef').flatMap(({ typeName }) => typesIn({ typeName }));

/** Facts about a column rather than constraints with a name of their own. */
const namelessKinds = /^CONSTR_(NULL|NOTNULL|DEFAULT|IDENTITY|GENERATED|ATTR_.*)$/;

const words = (kind: unknown): string => String(kind).replace('CONSTR_', '').toLowerCase();

export const schemaRules: readonly SqlRule[] = [
  forbidden(
    'no code in the database',
    'CockroachDB differs, and nobody reads it in review. Put the rule into core, or into the statement that makes the change.',
    {
      CreateTrigStmt: 'CREATE TRIGGER',
      CreateFunctionStmt: 'CREATE FUNCTION or PROCEDURE',
      DoStmt: 'DO',
      CreatePLangStmt: 'CREATE LANGUAGE',
      RuleStmt: 'CREATE RULE',
      CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
    },
  ),
  forbidden(
    'no types of our own',
    'Native enums, domains, ranges and extensions are hard to change and differ by engine. Use text with a named CHECK.',
    {
      CreateEnumStmt: 'CREATE TYPE … AS ENUM',
      AlterEnumStmt: 'ALTER TYPE … ADD VALUE',
      CreateDomainStmt: 'CREATE DOMAIN',
      CompositeTypeStmt: 'CREATE TYPE',
      CreateRangeStmt: 'CREATE TYPE … AS RANGE',
      CreateExtensionStmt: 'CREATE EXTENSION',
    },
  ),
  forbidden('no sequences', 'Sequences are hot spots on a distributed database. Use uuid with gen_random_uuid().', {
    CreateSeqStmt: 'CREATE SEQUENCE',
    AlterSeqStmt: 'ALTER SEQUENCE',
  }),
  forbidden('no row-level security', 'CockroachDB 24.3 lacks it. Say who may see a row in the statement.', {
    CreatePolicyStmt: 'CREATE POLICY',
    AlterPolicyStmt: 'ALTER POLICY',
  }),
  forbidden(
    'plain views only',
    'A materialised view must be refreshed by somebody and differs by engine. Use a view or a table.',
    {
      CreateTableAsStmt: 'CREATE MATERIALIZED VIEW or TABLE AS',
      RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
    },
  ),
  inMigrations(
    {
      name: 'no serial or identity',
      reason: 'Sequences are hot spots on a distributed database. Use uuid with gen_random_uuid().',
    },
    (statement) => [
      ...columnTypes(statement).filter((type) => /serial/.test(type)),
      ...constraintsIn(statement).flatMap(({ contype }) => (contype === 'CONSTR_IDENTITY' ? ['GENERATED … AS IDENTITY'] : [])),
    ],
  ),
  inMigrations(
    { name: 'no generated columns', reason: 'Virtual ones differ by engine. Write the value, or compute it in the query.' },
    (statement) =>
      constraintsIn(statement).flatMap(({ contype }) => (contype === 'CONSTR_GENERATED' ? ['a generated column'] : [])),
  ),
  inMigrations(
    {
      name: 'uniqueness by index',
      reason: 'CockroachDB cannot drop a unique constraint as PostgreSQL does. Write CREATE UNIQUE INDEX IF NOT EXISTS uq_….',
    },
    (statement) =>
      constraintsIn(statement).flatMap(({ contype }) => (contype === 'CONSTR_UNIQUE' ? ['a UNIQUE constraint'] : [])),
  ),
  inMigrations(
    { name: 'named constraints', reason: 'Errors are told apart by the constraint’s name. Write CONSTRAINT name before it.' },
    (statement) =>
      constraintsIn(statement).flatMap(({ contype, conname }) =>
        conname === undefined && !namelessKinds.test(String(contype)) ? [`an unnamed ${words(contype)} constraint`] : [],
      ),
  ),
  inMigrations(
    {
      name: 'no deferred or excluding constraints',
      reason: 'CockroachDB has neither. Order the statements, or let one statement decide.',
    },
    (statement) =>
      constraintsIn(statement).flatMap(({ contype, deferrable }) =>
        contype === 'CONSTR_EXCLUSION' ? ['EXCLUDE'] : deferrable === true ? ['DEFERRABLE'] : [],
      ),
  ),
  inMigrations(
    {
      name: 'a stated delete rule',
      reason: 'What happens to the rows below is a decision. Write ON DELETE CASCADE, SET NULL or RESTRICT.',
    },
    (statement) =>
      constraintsIn(statement).flatMap(({ contype, fk_del_action: rule }) =>
        contype === 'CONSTR_FOREIGN' && (rule === undefined || rule === 'a') ? ['a foreign key without ON DELETE'] : [],
      ),
  ),
  inMigrations(
    {
      name: 'plain tables',
      reason: 'Partitions, inheritance and unlogged tables are of PostgreSQL alone, TTL of CockroachDB. Use a plain table.',
    },
    ({ node, type }) =>
      type !== 'CreateStmt' && type !== 'AlterTableStmt'
        ? []
        : [
            ...(isNode(node['partspec']) || isNode(node['partbound']) ? ['a partitioned table'] : []),
            ...(Array.isArray(node['inhRelations']) && !isNode(node['partbound']) ? ['INHERITS'] : []),
            ...(isNode(node['relation']) && node['relation']['relpersistence'] === 'u' ? ['UNLOGGED'] : []),
            ...itemsOf(node['options'], 'DefElem').map(({ defname }) => `the option ${String(defname)}`),
          ],
  ),
  inMigrations(
    {
      name: 'repeatable statements',
      reason: 'CockroachDB may keep half of a file. Write IF NOT EXISTS, IF EXISTS, OR REPLACE or ON CONFLICT.',
    },
    ({ type, node }) => (isRepeatable(type, node) ? [] : [`${type.replace('Stmt', '')} that fails when run twice`]),
  ),
  inMigrations(
    { name: 'plain indexes', reason: 'CockroachDB has no such clause, or builds without blocking anyway. Leave it out.' },
    ({ node, type }) => (type === 'IndexStmt' ? oddIndexParts(node) : node['concurrent'] === true ? ['CONCURRENTLY'] : []),
  ),
  inMigrations(
    {
      name: 'index names',
      reason: 'An index is found by its name. Call it idx_<table>_<columns>, a unique one uq_<table>_<columns>.',
    },
    ({ node, type }) => {
      if (type !== 'IndexStmt') return [];
      const start = `${node['unique'] === true ? 'uq' : 'idx'}_${tableNameOf(node['relation'])?.table}_`;
      return String(node['idxname']).startsWith(start) ? [] : [`an index named ${String(node['idxname'])} instead of ${start}…`];
    },
  ),
  inMigrations(
    {
      name: 'no change of type in place',
      reason: 'CockroachDB refuses most of them. Add a column, copy, drop the old one, each in its own file.',
    },
    ({ node }) =>
      itemsOf(node['cmds'], 'AlterTableCmd').flatMap(({ subtype }) =>
        subtype === 'AT_AlterColumnType' ? ['ALTER COLUMN … TYPE'] : [],
      ),
  ),
  inMigrations(
    {
      name: 'no DROP CONSTRAINT of uniqueness',
      reason: 'CockroachDB keeps uniqueness as an index. Write DROP INDEX IF EXISTS.',
    },
    ({ node }) =>
      itemsOf(node['cmds'], 'AlterTableCmd').flatMap(({ subtype, name }) =>
        subtype === 'AT_DropConstraint' && /^uq_|_key$/.test(String(name)) ? [`DROP CONSTRAINT ${String(name)}`] : [],
      ),
  ),
  inMigrations(
    { name: 'no row-level security', reason: 'CockroachDB 24.3 lacks it. Say who may see a row in the statement.' },
    ({ node }) =>
      itemsOf(node['cmds'], 'AlterTableCmd').flatMap(({ subtype }) =>
        /^AT_(Enable|Force|Disable|NoForce)RowSecurity$/.test(String(subtype)) ? ['ROW LEVEL SECURITY'] : [],
      ),
  ),
  inMigrations(
    { name: 'no DROP CASCADE', reason: 'It drops what nobody named. Drop what depends on it first.' },
    ({ node, type }) => (type === 'DropStmt' && node['behavior'] === 'DROP_CASCADE' ? ['CASCADE'] : []),
  ),
];

const isRepeatable = (type: string, node: TreeNode): boolean => {
  if (['CreateStmt', 'IndexStmt', 'CreateSchemaStmt', 'CreateSeqStmt'].includes(type)) return node['if_not_exists'] === true;
  if (type === 'DropStmt') return node['missing_ok'] === true;
  if (type === 'ViewStmt') return node['replace'] === true;
  if (type === 'InsertStmt') return isNode(node['onConflictClause']);
  return itemsOf(node['cmds'], 'AlterTableCmd').every(
    ({ subtype, missing_ok: isForgiving }) =>
      !['AT_AddColumn', 'AT_DropColumn', 'AT_DropConstraint'].includes(String(subtype)) || isForgiving === true,
  );
};

const operatorClasses = /^(jsonb_path_ops|text_pattern_ops|varchar_pattern_ops)$/;

const oddIndexParts = (node: TreeNode): string[] => [
  ...(node['concurrent'] === true ? ['CONCURRENTLY'] : []),
  ...(/^(btree|gin)$/.test(String(node['accessMethod'])) ? [] : [`USING ${String(node['accessMethod'])}`]),
  ...itemsOf(node['options'], 'DefElem').map(({ defname }) => `the option ${String(defname)}`),
  ...(node['nulls_not_distinct'] === true ? ['NULLS NOT DISTINCT'] : []),
  ...nodesNamed(node, 'IndexElem').flatMap(({ opclass }) => textsOf(opclass).filter((name) => operatorClasses.test(name))),
];
