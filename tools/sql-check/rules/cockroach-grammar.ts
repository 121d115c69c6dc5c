import { everywhere, type SqlRule } from '../rule.ts';
import { functionsIn, nodesNamed, type TreeNode } from '../tree.ts';

/** Nodes of PostgreSQL's tree for which CockroachDB's grammar (pkg/sql/parser/sql.y, 24.3) has no production. */
const unknownNodes: Readonly<Record<string, string>> = {
  NamedArgExpr: 'an argument by name',
  GroupingSet: 'GROUPING SETS, ROLLUP or CUBE',
  GroupingFunc: 'GROUPING()',
  RangeTableSample: 'TABLESAMPLE',
  RangeTableFunc: 'XMLTABLE',
  CurrentOfExpr: 'WHERE CURRENT OF',
  XmlExpr: 'an XML function',
  JsonObjectConstructor: 'JSON_OBJECT',
  JsonArrayConstructor: 'JSON_ARRAY',
  JsonArrayQueryConstructor: 'JSON_ARRAY',
  JsonObjectAgg: 'JSON_OBJECTAGG',
  JsonArrayAgg: 'JSON_ARRAYAGG',
  JsonIsPredicate: 'IS JSON',
  JsonFuncExpr: 'JSON_EXISTS, JSON_VALUE or JSON_QUERY',
  JsonTable: 'JSON_TABLE',
  JsonParseExpr: 'JSON()',
  JsonScalarExpr: 'JSON_SCALAR()',
  JsonSerializeExpr: 'JSON_SERIALIZE()',
};

/** Clauses that CockroachDB's grammar forbids in a call: `func_name '(' DISTINCT expr_list ')'` has no sort clause. */
const callFaults = ({
  agg_distinct: isDistinct,
  agg_order: order,
  agg_within_group: isWithin,
  func_variadic: isVariadic,
}: TreeNode) => [
  ...(isDistinct === true && order !== undefined ? ['ORDER BY in an aggregate with DISTINCT'] : []),
  ...(isWithin === true && Array.isArray(order) && order.length > 1 ? ['WITHIN GROUP with several keys'] : []),
  ...(isVariadic === true ? ['VARIADIC'] : []),
];

const selectFaults = ({ limitOption, groupDistinct }: TreeNode): readonly string[] => [
  ...(limitOption === 'LIMIT_OPTION_WITH_TIES' ? ['FETCH … WITH TIES'] : []),
  ...(groupDistinct === true ? ['GROUP BY DISTINCT'] : []),
];

export const grammarRules: readonly SqlRule[] = [
  everywhere(
    {
      name: 'the grammar of both engines',
      reason:
        'CockroachDB answers 42601 or 0A000. Write it in plain SQL: ARRAY(SELECT DISTINCT … ORDER BY …) for an aggregate with both.',
    },
    ({ type, node }) => [
      ...nodesNamed(node, 'FuncCall').flatMap(callFaults),
      ...[...(type === 'SelectStmt' ? [node] : []), ...nodesNamed(node, 'SelectStmt')].flatMap(selectFaults),
      ...Object.entries(unknownNodes).flatMap(([name, what]) => nodesNamed(node, name).map(() => what)),
      ...nodesNamed(node, 'A_Indices').flatMap(({ is_slice: isSlice }) => (isSlice === true ? ['a slice of an array'] : [])),
      ...nodesNamed(node, 'CommonTableExpr').flatMap(({ search_clause: search, cycle_clause: cycle }) =>
        search === undefined && cycle === undefined ? [] : ['SEARCH or CYCLE'],
      ),
      ...functionsIn(node).flatMap((name) => (name === 'overlaps' ? ['OVERLAPS'] : [])),
    ],
  ),
];
