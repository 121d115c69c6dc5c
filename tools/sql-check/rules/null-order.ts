import type { Finding, SqlRule, Statement } from '../rule.ts';
import { isNode, itemsOf, nodesNamed, tableNameOf, textsOf, walk, type TreeNode } from '../tree.ts';

/** The columns of each table that may be null, as the migrations leave them. */
type Nullable = ReadonlyMap<string, ReadonlySet<string>>;

const keyOf = (relation: unknown): string => {
  const name = tableNameOf(relation);
  return `${name?.schema}.${name?.table}`;
};

const isRequired = ({ constraints }: TreeNode): boolean =>
  itemsOf(constraints, 'Constraint').some(({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY');

const nullableColumns = (statements: readonly Statement[]): Nullable => {
  const tables = new Map<string, Set<string>>();
  for (const { node, type } of statements.filter(({ path }) => path.endsWith('.up.sql'))) {
    if (type !== 'CreateStmt' && type !== 'AlterTableStmt') continue;
    const columns = tables.get(keyOf(node['relation'])) ?? new Set<string>();
    tables.set(keyOf(node['relation']), columns);
    for (const column of nodesNamed(node, 'ColumnDef')) if (!isRequired(column)) columns.add(String(column['colname']));
    for (const { contype, keys } of nodesNamed(node, 'Constraint'))
      if (contype === 'CONSTR_PRIMARY') for (const key of textsOf(keys)) columns.delete(key);
    for (const { subtype, name } of nodesNamed(node, 'AlterTableCmd')) {
      if (subtype === 'AT_SetNotNull' || subtype === 'AT_DropColumn') columns.delete(String(name));
      if (subtype === 'AT_DropNotNull') columns.add(String(name));
    }
  }
  return tables;
};

/** The tables that a SELECT reads by name, under the name by which it calls them. */
const tablesOf = (select: TreeNode): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  walk(select['fromClause'], (_name, part) => {
    const table = tableNameOf(part);
    const alias = isNode(part['alias']) ? part['alias']['aliasname'] : undefined;
    if (table?.schema !== undefined) found.set(typeof alias === 'string' ? alias : table.table, `${table.schema}.${table.table}`);
  });
  return found;
};

/** The conditions of which each must hold. */
const conjuncts = (condition: unknown): TreeNode[] => {
  if (!isNode(condition)) return [];
  const both = condition['BoolExpr'];
  if (!isNode(both)) return [condition];
  return both['boolop'] === 'AND_EXPR' && Array.isArray(both['args']) ? both['args'].flatMap(conjuncts) : [];
};

const columnOf = (value: unknown): string[] =>
  isNode(value) && isNode(value['ColumnRef']) ? textsOf(value['ColumnRef']['fields']).slice(-1) : [];

/** A comparison with null is never true, so that it leaves out the rows whose column is null. */
const columnsRequired = (condition: TreeNode): string[] => {
  const { NullTest: test, A_Expr: comparison } = condition;
  if (isNode(test)) return test['nulltesttype'] === 'IS_NOT_NULL' ? columnOf(test['arg']) : [];
  if (!isNode(comparison) || !/^(=|<|>|<=|>=|<>)$/.test(textsOf(comparison['name']).join('.'))) return [];
  return comparison['kind'] === 'AEXPR_OP' ? [...columnOf(comparison['lexpr']), ...columnOf(comparison['rexpr'])] : [];
};

const isLoose = ({ sortby_nulls: nulls }: TreeNode): boolean => nulls === undefined || nulls === 'SORTBY_NULLS_DEFAULT';

const looseOrders = (select: TreeNode, nullable: Nullable): string[] => {
  const tables = tablesOf(select);
  const required = new Set(conjuncts(select['whereClause']).flatMap(columnsRequired));
  return itemsOf(select['sortClause'], 'SortBy')
    .concat(nodesNamed(select['targetList'], 'over').flatMap(({ orderClause }) => itemsOf(orderClause, 'SortBy')))
    .filter(isLoose)
    .flatMap(({ node }) => {
      const [first = '', second] = isNode(node) && isNode(node['ColumnRef']) ? textsOf(node['ColumnRef']['fields']) : [];
      const column = second ?? first;
      const places = second === undefined ? [...tables.values()] : [tables.get(first) ?? ''];
      const mayBeNull = places.some((place) => nullable.get(place)?.has(column) === true);
      return mayBeNull && !required.has(column) ? [`ORDER BY ${column}, which may be null`] : [];
    });
};

const selectsIn = ({ type, node }: Statement): TreeNode[] => [
  ...(type === 'SelectStmt' ? [node] : []),
  ...nodesNamed(node, 'SelectStmt'),
];

const inLooseOrder = (statements: readonly Statement[]): Finding[] => {
  const nullable = nullableColumns(statements);
  return statements.flatMap((statement) =>
    selectsIn(statement).flatMap((select) => looseOrders(select, nullable).map((what) => ({ statement, what }))),
  );
};

export const nullOrderRules: readonly SqlRule[] = [
  {
    name: 'nulls have a place',
    reason: 'PostgreSQL sorts nulls as the greatest, CockroachDB as the least. Write NULLS FIRST or NULLS LAST.',
    kinds: ['migration', 'query'],
    sees: 'service',
    find: inLooseOrder,
  },
];
