import type { Client } from 'pg';
import { bookkeepingTables } from './names.ts';
import { withClient } from './postgres.ts';

interface Line {
  readonly owner: string;
  readonly text: string;
}

const columnsQuery = `
  SELECT c.relname AS owner,
         concat(a.attname, ' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
                CASE WHEN d.adbin IS NULL THEN '' ELSE concat(' DEFAULT ', pg_get_expr(d.adbin, d.adrelid)) END) AS text
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE n.nspname = $1 AND c.relname <> ALL ($2) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname, a.attname`;

/** PostgreSQL 18 and later list NOT NULL among the constraints; it is left out here, because the column states it. */
const constraintsQuery = `
  SELECT c.relname AS owner, concat('CONSTRAINT ', k.conname, ' ', pg_get_constraintdef(k.oid)) AS text
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname <> ALL ($2) AND k.contype IN ('p', 'f', 'u', 'c')
  ORDER BY c.relname, k.conname`;

const indexesQuery = `
  SELECT i.tablename AS owner, i.indexdef AS text
  FROM pg_indexes i
  WHERE i.schemaname = $1 AND i.tablename <> ALL ($2)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = $1 AND k.conname = i.indexname)
  ORDER BY i.tablename, i.indexname`;

const viewsQuery = `
  SELECT v.viewname AS owner, v.definition AS text FROM pg_views v
  WHERE v.schemaname = $1 AND v.viewname <> ALL ($2)
  ORDER BY v.viewname`;

const read = async (client: Client, query: string, schema: string): Promise<readonly Line[]> =>
  (await client.query<{ owner: string; text: string }>(query, [schema, bookkeepingTables])).rows;

/** A table as the catalog describes it, each part in PostgreSQL's own words. */
export interface TableModel {
  readonly name: string;
  /** `name type NOT NULL DEFAULT …`, ordered by name. */
  readonly columns: readonly string[];
  /** `CONSTRAINT name …` */
  readonly constraints: readonly string[];
  /** `CREATE INDEX …`, without those that a constraint brings. */
  readonly indexes: readonly string[];
}

export interface ViewModel {
  readonly name: string;
  readonly definition: string;
}

export interface SchemaModel {
  readonly tables: readonly TableModel[];
  readonly views: readonly ViewModel[];
}

const of = (lines: readonly Line[], owner: string): readonly string[] =>
  lines.filter((line) => line.owner === owner).map(({ text }) => text);

/** Reads the tables and views of a schema from the catalog, without the tables in which migrations are recorded. */
export const readSchema = async (client: Client, schema: string): Promise<SchemaModel> => {
  const columns = await read(client, columnsQuery, schema);
  const constraints = await read(client, constraintsQuery, schema);
  const indexes = await read(client, indexesQuery, schema);
  const views = await read(client, viewsQuery, schema);
  return {
    tables: [...new Set(columns.map(({ owner }) => owner))].map((name) => ({
      name,
      columns: of(columns, name),
      constraints: of(constraints, name),
      indexes: of(indexes, name),
    })),
    views: views.map(({ owner, text }) => ({ name: owner, definition: text.trim().replace(/;$/, '') })),
  };
};

/** `describeCatalog` on an open session. */
export const describeSchema = async (client: Client, schema: string): Promise<string> => {
  const { tables, views } = await readSchema(client, schema);
  const tableTexts = tables.map(({ name, columns, constraints, indexes }) => {
    const parts = [...columns, ...constraints].map((part) => `  ${part}`).join(',\n');
    return [`CREATE TABLE ${schema}.${name} (\n${parts}\n);`, ...indexes.map((index) => `${index};`)].join('\n');
  });
  const viewTexts = views.map(({ name, definition }) => `CREATE VIEW ${schema}.${name} AS\n${definition};`);
  return [...tableTexts, ...viewTexts].map((text) => `${text}\n`).join('\n');
};

/**
 * Describes a schema as SQL in a fixed order: tables with their columns by name, constraints, indexes, views. Equal texts mean
 * equal schemas. The tables in which migrations are recorded are left out.
 */
export const describeCatalog = (databaseUrl: string, schema: string): Promise<string> =>
  withClient(databaseUrl, (client) => describeSchema(client, schema));
