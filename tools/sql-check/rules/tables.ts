import { inServices, type SqlRule, type Statement } from '../rule.ts';
import { itemsOf, nodesNamed, tableNameOf, textsOf, walk, type TableName } from '../tree.ts';

/** The tables that a statement names anywhere. */
const tablesIn = ({ node }: Statement): TableName[] => {
  const found: TableName[] = [];
  walk(node, (_name, part) => {
    const table = tableNameOf(part);
    if (table !== undefined) found.push(table);
  });
  const ownSchema = typeof node['schemaname'] === 'string' && tableNameOf(node) === undefined;
  return [
    ...found,
    ...droppedTables(node['objects']),
    ...(ownSchema ? [{ schema: String(node['schemaname']), table: '*' }] : []),
  ];
};

/** DROP names what it drops as a list of texts. */
const droppedTables = (objects: unknown): TableName[] =>
  itemsOf(objects, 'List').map(({ items }) => {
    const [schema, table] = textsOf(items);
    return table === undefined ? { schema: undefined, table: schema ?? '' } : { schema, table };
  });

/** The names that a statement gives to its own parts with WITH. */
const ctesOf = ({ node }: Statement): unknown[] => nodesNamed(node, 'CommonTableExpr').map(({ ctename }) => ctename);

export const tableRules: readonly SqlRule[] = [
  inServices(
    {
      name: 'own tables only',
      reason: 'Every service owns its data. Ask the service that owns the table over its API, or keep a copy fed by its events.',
    },
    (statement) =>
      tablesIn(statement)
        // The server's catalog is nobody's data.
        .filter(({ schema }) => schema !== undefined && schema !== statement.schema && schema !== 'pg_catalog')
        .map(({ schema, table }) => `the table ${schema}.${table} (this is ${statement.schema})`),
  ),
  inServices(
    {
      name: 'qualified tables',
      reason: 'What a bare name means depends on the connection’s search_path. Write the schema before it.',
    },
    (statement) => {
      const ctes = new Set(ctesOf(statement));
      return tablesIn(statement)
        .filter(({ schema, table }) => schema === undefined && !ctes.has(table) && !isIndexNameInDdl(statement, table))
        .map(({ table }) => `the unqualified table ${table}`);
    },
  ),
  inServices(
    {
      name: 'named columns',
      reason: 'A star changes its meaning when a migration adds a column. Name the columns.',
    },
    ({ node, type }) =>
      type === 'CreateStmt'
        ? []
        : nodesNamed(node, 'ColumnRef').flatMap((ref) => (hasStar(ref['fields']) ? ['a star for columns'] : [])),
  ),
];

/** `ALTER INDEX schema.name` and the like name an index where a table would stand. */
const isIndexNameInDdl = ({ type, node }: Statement, name: string): boolean =>
  type === 'RenameStmt' && node['renameType'] === 'OBJECT_INDEX' && tableNameOf(node['relation'])?.table === name;

const hasStar = (fields: unknown): boolean => itemsOf(fields, 'A_Star').length > 0;
