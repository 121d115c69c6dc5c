import type { Client } from 'pg';
import { bookkeepingTables } from '../../src/names.ts';
import type { ColumnFacts, ConstraintFacts, IndexFacts, ReferenceFacts, TableFacts } from './facts.ts';

const columnsQuery = `
  SELECT column_name AS name, udt_name AS type, is_nullable = 'YES' AS "isNullable"
  FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 ORDER BY column_name`;

const constraintsQuery = `
  SELECT k.conname AS name,
         CASE k.contype WHEN 'p' THEN 'primary' WHEN 'f' THEN 'foreign' WHEN 'c' THEN 'check' ELSE 'unique' END AS kind,
         ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c (number, place)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number ORDER BY c.place) AS columns,
         target.relname AS target,
         CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT'
                            WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END AS "onDelete"
  FROM pg_constraint k
  LEFT JOIN pg_class target ON target.oid = k.confrelid
  WHERE k.conrelid = ($1 || '.' || $2)::regclass AND k.contype IN ('p', 'f', 'c', 'u')
  ORDER BY k.conname`;

const indexesQuery = `
  SELECT i.relname AS name, x.indisunique AS "isUnique", pg_get_expr(x.indpred, x.indrelid) AS where,
         ARRAY(SELECT coalesce(a.attname::text, '(expression)') FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS c (number, place)
               LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = c.number AND c.number <> 0 ORDER BY c.place) AS columns
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indrelid = ($1 || '.' || $2)::regclass AND NOT x.indisprimary
  ORDER BY i.relname`;

const readTable = async (client: Client, schema: string, name: string): Promise<TableFacts> => {
  const place = [schema, name];
  const columns = await client.query<ColumnFacts>(columnsQuery, place);
  const constraints = await client.query<ConstraintFacts & Omit<ReferenceFacts, 'columns'>>(constraintsQuery, place);
  const indexes = await client.query<IndexFacts>(indexesQuery, place);
  return {
    path: `${schema}.${name}`,
    name,
    engine: 'postgres',
    columns: columns.rows,
    primaryKey: constraints.rows.find(({ kind }) => kind === 'primary')?.columns ?? [],
    constraints: constraints.rows,
    references: constraints.rows.filter(({ kind }) => kind === 'foreign'),
    indexes: indexes.rows,
  };
};

/** Reads the tables of a schema, without those in which migrations are recorded. */
export const readPostgresFacts = async (client: Client, schema: string): Promise<readonly TableFacts[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND table_name <> ALL ($2) ORDER BY table_name`,
    [schema, bookkeepingTables],
  );
  const tables: TableFacts[] = [];
  for (const { name } of rows) tables.push(await readTable(client, schema, name));
  return tables;
};
