import type { Finding, SqlRule, Statement } from '../rule.ts';
import { itemsOf, nodesNamed, tableNameOf, textsOf } from '../tree.ts';

interface Columns {
  readonly table: string;
  readonly columns: readonly string[];
  readonly statement: Statement;
}

const tableOf = ({ node }: Statement): string => {
  const name = tableNameOf(node['relation']);
  return `${name?.schema}.${name?.table}`;
};

/** The columns of every foreign key: as a constraint of the table, of a column, or added later. */
const foreignKeysIn = (statement: Statement): Columns[] => {
  const table = tableOf(statement);
  const ofColumns = nodesNamed(statement.node, 'ColumnDef').flatMap(({ colname, constraints }) =>
    itemsOf(constraints, 'Constraint')
      .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
      .map(() => ({ table, columns: [String(colname)], statement })),
  );
  const ofTable = nodesNamed(statement.node, 'Constraint')
    .filter(({ contype, fk_attrs: columns }) => contype === 'CONSTR_FOREIGN' && columns !== undefined)
    .map(({ fk_attrs: columns }) => ({ table, columns: textsOf(columns), statement }));
  return [...ofColumns, ...ofTable];
};

/** The columns by which rows can be found: of indexes without a condition on other columns, and of primary keys. */
const indexesIn = (statement: Statement): Columns[] => {
  const table = tableOf(statement);
  if (statement.type === 'IndexStmt') {
    if (isPartial(statement.node)) return [];
    const columns = nodesNamed(statement.node['indexParams'], 'IndexElem').map(({ name }) =>
      typeof name === 'string' ? name : '(an expression)',
    );
    return [{ table, columns, statement }];
  }
  return nodesNamed(statement.node, 'Constraint')
    .filter(({ contype }) => contype === 'CONSTR_PRIMARY')
    .map(({ keys }) => ({ table, columns: textsOf(keys), statement }));
};

/** A delete above must find every row below: an index on some of them does not help, one on all that are not null does. */
const isPartial = ({ whereClause }: Statement['node']): boolean =>
  whereClause !== undefined &&
  nodesNamed({ whereClause }, 'NullTest').every(({ nulltesttype }) => nulltesttype !== 'IS_NOT_NULL');

const begins = (index: Columns, key: Columns): boolean =>
  index.table === key.table && key.columns.every((column) => index.columns.slice(0, key.columns.length).includes(column));

const withoutIndex = (statements: readonly Statement[]): Finding[] => {
  const forward = statements.filter(({ path }) => path.endsWith('.up.sql'));
  const indexes = forward.flatMap(indexesIn);
  return forward
    .flatMap(foreignKeysIn)
    .filter((key) => !indexes.some((index) => begins(index, key)))
    .map(({ statement, table, columns }) => ({
      statement,
      what: `the foreign key ${table} (${columns.join(', ')}) without an index`,
    }));
};

export const foreignKeyRules: readonly SqlRule[] = [
  {
    name: 'indexed foreign keys',
    reason:
      'Neither engine indexes them, so each delete above reads the whole table. Add an index that begins with these columns.',
    kinds: ['migration'],
    sees: 'service',
    find: withoutIndex,
  },
];
