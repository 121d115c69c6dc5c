import type { Client, QueryResultRow } from 'pg';
import { bookkeepingTables } from '../../src/names.ts';
import type { ColumnFacts, ConstraintFacts, IndexFacts, ReferenceFacts, TableFacts } from './facts.ts';

const tablesQuery = `
  SELECT table_name AS name FROM information_schema.tables
  WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND table_name <> ALL ($2) ORDER BY table_name`;

const columnsQuery = `
  SELECT table_name AS "table", column_name AS name, udt_name AS type, is_nullable = 'YES' AS "isNullable"
  FROM information_schema.columns WHERE table_schema = $1 ORDER BY table_name, column_name`;

const constraintsQuery = `
  SELECT owner.relname AS "table", k.conname AS name,
         CASE k.contype WHEN 'p' THEN 'primary' WHEN 'f' THEN 'foreign' WHEN 'c' THEN 'check' ELSE 'unique' END AS kind,
         ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c (number, place)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number ORDER BY c.place) AS columns,
         target.relname AS target,
         CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT'
                            WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END AS "onDelete"
  FROM pg_constraint k
  JOIN pg_class owner ON owner.oid = k.conrelid
  LEFT JOIN pg_class target ON target.oid = k.confrelid
  WHERE owner.relnamespace = $1::regnamespace AND k.contype IN ('p', 'f', 'c', 'u')
  ORDER BY owner.relname, k.conname`;

const indexesQuery = `
  SELECT owner.relname AS "table", i.relname AS name, x.indisunique AS "isUnique", pg_get_expr(x.indpred, x.indrelid) AS where,
         ARRAY(SELECT coalesce(a.attname::text, '(expression)') FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS c (number, place)
               LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = c.number AND c.number <> 0 ORDER BY c.place) AS columns
  FROM pg_index x
  JOIN pg_class owner ON owner.oid = x.indrelid
  JOIN pg_class i ON i.oid = x.indexrelid
  WHERE owner.relnamespace = $1::regnamespace AND NOT x.indisprimary
  ORDER BY owner.relname, i.relname`;

/** Reads the rows of a query, by the table in their first column. */
const byTable = async <T extends QueryResultRow>(client: Client, query: string, schema: string): Promise<Map<string, T[]>> => {
  const { rows } = await client.query<T & { readonly table: string }>(query, [schema]);
  const tables = new Map<string, T[]>();
  for (const { table, ...row } of rows) tables.set(table, [...(tables.get(table) ?? []), row as unknown as T]);
  return tables;
};

/** Reads the tables of a schema, without those in which migrations are recorded. */
export const readPostgresFacts = async (client: Client, schema: string): Promise<readonly TableFacts[]> => {
  const { rows } = await client.query<{ name: string }>(tablesQuery, [schema, bookkeepingTables]);
  const columns = await byTable<ColumnFacts & QueryResultRow>(client, columnsQuery, schema);
  const constraintsBy = await byTable<ConstraintFacts & ReferenceFacts & QueryResultRow>(client, constraintsQuery, schema);
  const indexes = await byTable<IndexFacts & QueryResultRow>(client, indexesQuery, schema);
  return rows.map(({ name }): TableFacts => {
    const constraints = constraintsBy.get(name) ?? [];
    return {
      path: `${schema}.${name}`,
      name,
      engine: 'postgres',
      columns: columns.get(name) ?? [],
      primaryKey: constraints.find(({ kind }) => kind === 'primary')?.columns ?? [],
      constraints,
      references: constraints.filter(({ kind }) => kind === 'foreign'),
      indexes: indexes.get(name) ?? [],
    };
  });
};
