import { everywhere, type SqlRule, type Statement } from '../rule.ts';
import { functionsIn, isNode, itemsOf, nodesNamed, tableNameOf, textsOf, typesIn, type TreeNode } from '../tree.ts';

const changes = ['InsertStmt', 'UpdateStmt', 'DeleteStmt'];

/** The tables that a statement changes, each as often as one of its parts changes it. */
const changedTables = ({ type, node }: Statement): string[] =>
  [...(changes.includes(type) ? [node] : []), ...nodesNamed(node, ...changes)].flatMap(({ relation }) => {
    const name = tableNameOf(relation);
    return name === undefined ? [] : [`${name.schema}.${name.table}`];
  });

const decimalTypes = /(^|\.)(numeric|decimal|float4|float8|interval)$/;

/** True if the operand is visibly not an integer: cast to, or written as, a decimal or an interval. */
const isDecimal = (operand: unknown): boolean =>
  typesIn(operand).some((type) => decimalTypes.test(type)) ||
  nodesNamed(operand, 'fval').length > 0 ||
  nodesNamed(operand, 'A_Const').some(({ fval }) => fval !== undefined) ||
  functionsIn(operand).some((name) => /^(extract|date_part|random|sqrt|ln|exp|power|avg)$/.test(name));

const divisions = (node: TreeNode): TreeNode[] =>
  nodesNamed(node, 'A_Expr').filter(({ name }) => textsOf(name).join('.') === '/');

/** Functions whose answer has 32 bits on PostgreSQL and 64 on CockroachDB. */
const intFunctions =
  /^(length|char_length|character_length|octet_length|bit_length|cardinality|array_length|array_position|strpos|ascii|jsonb_array_length|json_array_length)$/;

/** The columns that a statement answers. */
const answers = (node: TreeNode): TreeNode[] => {
  const returning = isNode(node['returningClause']) ? node['returningClause']['exprs'] : node['returningList'];
  return itemsOf(node['targetList'] ?? [], 'ResTarget').concat(itemsOf(returning, 'ResTarget'));
};

const ownAnswers = ({ type, node }: Statement): TreeNode[] =>
  type === 'SelectStmt' ? answers(node) : answers({ ...node, targetList: undefined });

const uncastInt = ({ val, name }: TreeNode): string[] => {
  if (!isNode(val)) return [];
  const constant = isNode(val['A_Const']) && val['A_Const']['ival'] !== undefined && name !== undefined;
  const called = isNode(val['FuncCall']) ? (textsOf(val['FuncCall']['funcname']).at(-1) ?? '') : '';
  if (constant) return ['an integer without a cast'];
  return intFunctions.test(called) ? [`${called}() without a cast`] : [];
};

export const mindRules: readonly SqlRule[] = [
  everywhere(
    {
      name: 'one change a table in a statement',
      reason:
        'CockroachDB refuses it, and PostgreSQL lets one of the two win in silence. Change the table once, or write two statements in a transaction.',
    },
    (statement) => {
      const tables = changedTables(statement);
      return [...new Set(tables.filter((table, index) => tables.indexOf(table) !== index))].map(
        (table) => `${table} changed twice`,
      );
    },
  ),
  everywhere(
    {
      name: 'no integer division',
      reason:
        'PostgreSQL gives an integer, CockroachDB a decimal. Cast a side to numeric or float8, and trunc() what must be whole.',
    },
    ({ node }) =>
      divisions(node)
        .filter(({ lexpr, rexpr }) => !isDecimal(lexpr) && !isDecimal(rexpr))
        .map(() => 'a division of what may be integers'),
  ),
  everywhere(
    {
      name: 'computed integers say their size',
      reason: 'It has 32 bits on PostgreSQL and 64 on CockroachDB, so that the driver gives a number or a text. Cast it to int8.',
    },
    (statement) => ownAnswers(statement).flatMap(uncastInt),
  ),
  everywhere(
    {
      name: 'conflict targets are columns',
      reason: 'CockroachDB takes no expression there, and no primary key by name. Write ON CONFLICT (columns).',
    },
    ({ node, type }) =>
      [...(type === 'InsertStmt' ? [node] : []), ...nodesNamed(node, 'InsertStmt')].flatMap(({ onConflictClause: clause }) => {
        const infer = isNode(clause) && isNode(clause['infer']) ? clause['infer'] : {};
        if (infer['conname'] !== undefined) return ['ON CONFLICT ON CONSTRAINT'];
        return itemsOf(infer['indexElems'], 'IndexElem').flatMap(({ expr }) =>
          expr === undefined ? [] : ['ON CONFLICT (an expression)'],
        );
      }),
  ),
];
