import { defaultPairs, typePairs, type DomainIndex, type DomainReference, type DomainTable } from '@guildhall/contracts';
import type Sqlite from 'better-sqlite3';
import type { Client } from 'pg';

export type Dialect = 'postgres' | 'sqlite';

export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly defaultsTo: string | null;
}

/** A descending column stands as `name DESC`, an expression as `(expression)`. */
export interface CatalogIndex extends Omit<DomainIndex, 'where'> {
  /** The condition of a partial index; absent where it holds every row. */
  readonly where?: string;
}

/** A table as a database describes it. */
export interface CatalogTable {
  readonly columns: readonly CatalogColumn[];
  readonly primaryKey: readonly string[];
  readonly references: readonly DomainReference[];
  readonly indexes: readonly CatalogIndex[];
}

export const sqliteTables = (sqlite: Sqlite.Database): readonly string[] =>
  sqlite
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all()
    .map(({ name }) => name);

export const postgresTables = async (client: Client, schema: string): Promise<readonly string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = $1 AND table_type = 'BASE TABLE' ORDER BY table_name`,
    [schema],
  );
  return rows.map(({ name }) => name);
};

export const readSqliteTable = (sqlite: Sqlite.Database, table: string): CatalogTable => {
  const columns = sqlite
    .prepare<[string], { name: string; type: string; notnull: number; dflt_value: string | null; pk: number }>(
      `SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)`,
    )
    .all(table);
  const references = sqlite
    .prepare<[string], DomainReference>(
      `SELECT "from" AS "column", "table", on_delete AS onDelete FROM pragma_foreign_key_list(?)`,
    )
    .all(table);
  const indexes = sqlite
    .prepare<[string], { name: string; unique: number }>(`SELECT name, "unique" FROM pragma_index_list(?) WHERE origin = 'c'`)
    .all(table);
  const columnsOf = sqlite.prepare<[string], { name: string }>(
    `SELECT coalesce(name, '(expression)') || CASE WHEN "desc" THEN ' DESC' ELSE '' END AS name
     FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno`,
  );
  const textOf = sqlite.prepare<[string], { sql: string }>('SELECT sql FROM sqlite_schema WHERE name = ?');
  const whereOf = (name: string): string | undefined => /\bWHERE\s+(.*)$/is.exec(textOf.get(name)?.sql ?? '')?.[1];
  return {
    columns: columns.map(({ name, type, notnull, dflt_value }) => ({
      name,
      type,
      isNullable: notnull === 0,
      defaultsTo: dflt_value,
    })),
    primaryKey: columns
      .filter(({ pk }) => pk > 0)
      .toSorted((one, other) => one.pk - other.pk)
      .map(({ name }) => name),
    references,
    indexes: indexes.map(({ name, unique }) => {
      const where = whereOf(name);
      const index = { name, columns: columnsOf.all(name).map((column) => column.name), isUnique: unique === 1 };
      return where === undefined ? index : { ...index, where };
    }),
  };
};

export const readPostgresTable = async (client: Client, schema: string, table: string): Promise<CatalogTable> => {
  const columns = await client.query<CatalogColumn>(
    `SELECT column_name AS name, udt_name AS type, is_nullable = 'YES' AS "isNullable", column_default AS "defaultsTo"
     FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2`,
    [schema, table],
  );
  const references = await client.query<DomainReference>(
    `SELECT a.attname AS column, target.relname AS table,
            CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT' ELSE 'NONE' END AS "onDelete"
     FROM pg_constraint c
     JOIN pg_class target ON target.oid = c.confrelid
     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.conrelid = ($1 || '.' || $2)::regclass`,
    [schema, table],
  );
  const indexes = await client.query<Omit<DomainIndex, 'where'> & { isPrimary: boolean; where: string | null }>(
    `SELECT i.relname AS name, x.indisunique AS "isUnique", x.indisprimary AS "isPrimary", pg_get_expr(x.indpred, x.indrelid) AS where,
            array_agg(concat(coalesce(a.attname, '(expression)'), CASE WHEN x.indoption[k.position - 1] & 1 = 1 THEN ' DESC' ELSE '' END)
                      ORDER BY k.position) AS columns
     FROM pg_index x
     JOIN pg_class i ON i.oid = x.indexrelid
     CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, position)
     LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
     WHERE x.indrelid = ($1 || '.' || $2)::regclass
     GROUP BY i.relname, x.indisunique, x.indisprimary, x.indpred, x.indrelid`,
    [schema, table],
  );
  return {
    columns: columns.rows,
    primaryKey: indexes.rows.find(({ isPrimary }) => isPrimary)?.columns ?? [],
    references: references.rows,
    indexes: indexes.rows
      .filter(({ isPrimary }) => !isPrimary)
      .map(({ name, columns: indexed, isUnique, where }) => ({
        name,
        columns: indexed,
        isUnique,
        ...(where === null ? {} : { where }),
      })),
  };
};

const text = (value: unknown): string => JSON.stringify(value);

/**
 * Tables that are on one side only, or on neither though the map has them. `own`: what a side has for itself, and is no
 * entity of the map.
 */
export const tableDifferences = (
  dialect: Dialect,
  mapped: readonly string[],
  own: readonly string[],
  found: readonly string[],
): readonly string[] => [
  ...mapped.filter((table) => !found.includes(table)).map((table) => `${dialect}: ${table} is missing`),
  ...found.filter((table) => ![...mapped, ...own].includes(table)).map((table) => `${dialect}: ${table} is not in the map`),
  ...own.filter((table) => !found.includes(table)).map((table) => `${dialect}: ${table}, its own, is gone`),
];

/** Compares a table with the domain map: one sentence per difference. */
export const differences = (dialect: Dialect, name: string, map: DomainTable, found: CatalogTable): readonly string[] => {
  const isShared = dialect === 'postgres';
  const expectedColumns = { ...map.columns, ...(isShared ? map.sharedOnly?.columns : {}) };
  const expectedReferences = [...map.references, ...(isShared ? (map.sharedOnly?.references ?? []) : [])];
  const expectedIndexes = [...map.indexes, ...((isShared ? map.sharedOnly?.indexes : map.soloOnlyIndexes) ?? [])].map(
    ({ where, ...index }): CatalogIndex => (where === undefined ? index : { ...index, where: isShared ? `(${where})` : where }),
  );
  const faults: string[] = [];
  const say = (fault: string): void => void faults.push(`${dialect}: ${name}${fault}`);

  for (const { name: column } of found.columns) if (!(column in expectedColumns)) say(`.${column} is not in the map`);
  for (const [column, { kind, isNullable = false, defaultsTo }] of Object.entries(expectedColumns)) {
    const actual = found.columns.find((candidate) => candidate.name === column);
    const expectedDefault = defaultsTo === undefined ? null : defaultPairs[defaultsTo][dialect];
    if (actual === undefined) {
      say(`.${column} is missing`);
      continue;
    }
    if (actual.type !== typePairs[kind][dialect]) say(`.${column} is ${actual.type}, not ${typePairs[kind][dialect]}`);
    if (actual.isNullable !== isNullable) say(`.${column} is ${actual.isNullable ? '' : 'not '}nullable`);
    if (actual.defaultsTo !== expectedDefault) say(`.${column} defaults to ${actual.defaultsTo}, not ${expectedDefault}`);
  }
  if (found.primaryKey.join() !== 'id') say(` has the key (${found.primaryKey.join(', ')}), not (id)`);
  compare(
    expectedReferences,
    found.references,
    ({ column }) => column,
    (what, is) => say(` reference ${what} ${is}`),
  );
  compare(
    expectedIndexes,
    found.indexes,
    (index) => index.name,
    (what, is) => say(` index ${what} ${is}`),
  );
  return faults;
};

const compare = <T>(
  expected: readonly T[],
  found: readonly T[],
  nameOf: (item: T) => string,
  say: (name: string, is: string) => void,
): void => {
  for (const item of found)
    if (!expected.some((wanted) => nameOf(wanted) === nameOf(item))) say(nameOf(item), 'is not in the map');
  for (const wanted of expected) {
    const actual = found.find((item) => nameOf(item) === nameOf(wanted));
    if (actual === undefined) say(nameOf(wanted), 'is missing');
    else if (sorted(actual) !== sorted(wanted)) say(nameOf(wanted), `is ${sorted(actual)}, not ${sorted(wanted)}`);
  }
};

const sorted = (item: unknown): string =>
  text(Object.entries(item as object).toSorted(([one], [other]) => (one < other ? -1 : 1)));
