import type { Finding, SqlRule, Statement } from '../rule.ts';
import { isNode, itemsOf, tableNameOf, textsOf, type TreeNode } from '../tree.ts';

const dataChanges = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'SelectStmt']);

/**
 * The object that a statement of a migration changes: a table with its indexes is one. The down file of a table with indexes
 * drops the table, or each index by its name.
 */
const subjectOf = ({ type, node, line }: Statement): string => {
  if (dataChanges.has(type)) return 'data';
  if (type === 'CreateSchemaStmt') return 'schema';
  const table = tableNameOf(node['relation']);
  if ((type === 'CreateStmt' || type === 'IndexStmt') && table !== undefined) return `table ${table.schema}.${table.table}`;
  const [altered, ...others] = itemsOf(node['cmds'], 'AlterTableCmd');
  // Dropped first and then added: the repeatable form of ADD CONSTRAINT that both engines take.
  if (
    table !== undefined &&
    altered !== undefined &&
    others.length === 0 &&
    /^AT_(Add|Drop)Constraint$/.test(String(altered['subtype']))
  )
    return `constraint ${table.schema}.${table.table} ${constraintName(altered)}`;
  const [dropped] = itemsOf(node['objects'], 'List');
  return `${type} ${textsOf(dropped?.['items']).join('.')} at ${line}`;
};

const constraintName = ({ name, def }: TreeNode): string => {
  const added = isNode(def) && isNode(def['Constraint']) ? def['Constraint']['conname'] : undefined;
  return String(name ?? added);
};

/** Several indexes dropped, or several changes made to the same table, are still several changes. */
const secondChange = (statements: readonly Statement[]): Finding[] => {
  const [first, ...rest] = statements;
  const second = rest.find((statement) => first !== undefined && subjectOf(statement) !== subjectOf(first));
  return second === undefined ? [] : [{ statement: second, what: 'a second change in the file' }];
};

const onlyIndexesAfterTable = (statements: readonly Statement[]): Finding[] =>
  statements
    .slice(1)
    .filter(({ type }) => type === 'CreateStmt')
    .map((statement) => ({ statement, what: 'a second CREATE TABLE in the file' }));

export const changeRules: readonly SqlRule[] = [
  {
    name: 'one change a file',
    reason:
      'CockroachDB commits each schema change by itself, so a file that fails halfway leaves half. Give each its own file; a CREATE TABLE with its indexes is one, data changes are another.',
    kinds: ['migration'],
    sees: 'file',
    find: (statements) => {
      const repeated = onlyIndexesAfterTable(statements);
      return repeated.length > 0 ? repeated : secondChange(statements);
    },
  },
];
