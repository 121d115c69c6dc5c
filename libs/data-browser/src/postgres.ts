import { sql, sqlStateOf, uncheckedRow, type Connection, type Fragment, type SharedDatabase } from '@guildhall/db';
import type { AuditEventMessage, DataOperator } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { FoundRow } from './rows-page.ts';
import { cellCharactersMax, type Condition, type RowsRequest } from './rows-request.ts';
import { browsedTables, type BrowsedColumn, type BrowsedTables, type ColumnClasses, type TableStructures } from './tables.ts';

/** Reads tables of one schema. Throws NOT_CONFIGURED or SHARED_DB_UNAVAILABLE. */
export interface TableReader {
  /** The rows of each table as the server last counted them; a table that it never counted is absent. */
  estimates(): Promise<ReadonlyMap<string, number>>;
  /** Throws INVALID for a value that is none of its column's type, UNPROCESSABLE for a page that takes longer than two seconds. */
  rows(request: RowsRequest): Promise<readonly FoundRow[]>;
}

// The tables are each service's own, and their columns those that it has classified.
const Estimate = uncheckedRow({ name: Type.String(), estimate: Type.Union([Type.Number(), Type.Null()]) });
const Text = Type.Union([Type.String(), Type.Null()]);
const Found = uncheckedRow({
  texts: Type.Array(Text),
  lengths: Type.Array(Type.Union([Type.Integer(), Type.Null()])),
  position: Type.Array(Type.String()),
});

const nameOf = ({ name }: Pick<BrowsedColumn, 'name'>): Fragment => sql.fragment`t.${sql.identifier([name])}`;
const asText = (column: BrowsedColumn): Fragment => sql.fragment`${nameOf(column)}::text`;
const lengthOf = (column: BrowsedColumn): Fragment => sql.fragment`char_length(${asText(column)})::int8`;
/** Selects the value as it is shown. Of content nothing but its length is read. */
const shownText = (column: BrowsedColumn): Fragment =>
  column.class === 'content' ? sql.fragment`NULL::text` : sql.fragment`left(${asText(column)}, ${cellCharactersMax + 1})`;

const types: Readonly<Record<string, Fragment>> = {
  uuid: sql.fragment`uuid`,
  text: sql.fragment`text`,
  bigint: sql.fragment`int8`,
  integer: sql.fragment`int8`,
  smallint: sql.fragment`int8`,
  boolean: sql.fragment`bool`,
  date: sql.fragment`date`,
  'timestamp with time zone': sql.fragment`timestamptz`,
};
const valueOf = ({ type }: BrowsedColumn, value: string): Fragment =>
  sql.fragment`${value}::text::${types[type] ?? sql.fragment`text`}`;

const comparisons: Readonly<Record<DataOperator, (column: BrowsedColumn, value: string) => Fragment>> = {
  is: (column, value) => sql.fragment`${nameOf(column)} = ${valueOf(column, value)}`,
  from: (column, value) => sql.fragment`${nameOf(column)} >= ${valueOf(column, value)}`,
  before: (column, value) => sql.fragment`${nameOf(column)} < ${valueOf(column, value)}`,
  null: (column) => sql.fragment`${nameOf(column)} IS NULL`,
  present: (column) => sql.fragment`${nameOf(column)} IS NOT NULL`,
};
const holds = ({ column, operator, value }: Condition): Fragment => comparisons[operator](column, value);

const list = (parts: readonly Fragment[]): Fragment => sql.fragment`${sql.join([...parts], sql.fragment`, `)}`;

const isAfter = ({ orderedBy, after, isDescending }: RowsRequest): readonly Fragment[] => {
  if (after === null) return [];
  const values = orderedBy.map((column, index) => valueOf(column, after[index] ?? ''));
  const direction = isDescending ? sql.fragment`<` : sql.fragment`>`;
  return [sql.fragment`(${list(orderedBy.map(nameOf))}) ${direction} (${list(values)})`];
};

const rowsQuery = (schema: string, request: RowsRequest) => {
  const { table, conditions, orderedBy, isDescending, limit } = request;
  const direction = isDescending ? sql.fragment`DESC` : sql.fragment`ASC`;
  const where = [sql.fragment`true`, ...conditions.map(holds), ...isAfter(request)];
  return sql.type(Found)`
    SELECT ARRAY[${list(table.columns.map(shownText))}] AS texts,
           ARRAY[${list(table.columns.map(lengthOf))}] AS lengths,
           ARRAY[${list(orderedBy.map(asText))}] AS position
    FROM ${sql.identifier([schema, table.name])} AS t
    WHERE ${sql.join(where, sql.fragment` AND `)}
    ORDER BY ${list(orderedBy.map((column) => sql.fragment`${nameOf(column)} ${direction}`))}
    LIMIT ${limit}`;
};

/** query_canceled (PostgreSQL, appendix A): here by the time-out. */
const canceled = '57014';
/** Class 22, data exception: a value that is none of its type. */
const isDataException = (state: string | undefined): boolean => state?.startsWith('22') === true;

const tooSlow = (cause: unknown): AppError =>
  new AppError('UNPROCESSABLE', 'This page takes longer than two seconds: filter by an id, or leave the order to the key.', {
    cause,
  });
const wrongValue = (cause: unknown): AppError =>
  new AppError('INVALID', 'A value of the filter is none of its column.', {
    cause,
    errors: [{ path: '/filter', message: 'has a value that its column cannot hold' }],
  });

/** Runs `work` in a transaction that can change nothing, and in which no statement runs longer than two seconds. */
const readOnly = <T>(
  { inTransaction }: Pick<SharedDatabase, 'inTransaction'>,
  work: (tx: Connection) => Promise<T>,
): Promise<T> =>
  inTransaction(async (tx) => {
    await tx.query(sql.unsafe`SET TRANSACTION READ ONLY`);
    await tx.query(sql.unsafe`SET LOCAL statement_timeout = '2s'`);
    return work(tx);
  }).catch((error: unknown) => {
    const state = sqlStateOf(error);
    if (state === canceled) throw tooSlow(error);
    throw isDataException(state) ? wrongValue(error) : error;
  });

/** A reader of the tables of a schema in the shared database. */
export const createTableReader = (database: Pick<SharedDatabase, 'inTransaction'>, schema: string): TableReader => ({
  estimates: async () => {
    const counted = await readOnly(database, (tx) =>
      tx.any(sql.type(Estimate)`
        SELECT c.relname::text AS name, c.reltuples::float8 AS estimate
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ${schema} AND c.relkind = 'r'`),
    );
    // Minus one: never counted (pg_class.reltuples).
    return new Map(
      counted.flatMap(({ name, estimate }) => (estimate === null || estimate < 0 ? [] : [[name, Math.round(estimate)]])),
    );
  },
  rows: (request) => readOnly(database, (tx) => tx.any(rowsQuery(schema, request))),
});

export interface DataBrowserParts {
  readonly database: Pick<SharedDatabase, 'inTransaction'>;
  readonly schema: string;
  readonly tableStructures: TableStructures;
  readonly columnClasses: ColumnClasses;
  /** Stores the event of a look. A look whose event cannot be stored is refused with what this throws. */
  readonly recordLook: (event: AuditEventMessage) => Promise<void>;
}

/** The tables of a service, how they are read, and how a look is recorded. */
export interface DataBrowser {
  readonly tables: BrowsedTables;
  readonly reader: TableReader;
  readonly recordLook: DataBrowserParts['recordLook'];
}

/** Creates the data browser of a service. Throws an Error for a column that nobody has classified. */
export const createDataBrowser = ({ database, schema, recordLook, ...given }: DataBrowserParts): DataBrowser => ({
  tables: browsedTables(given.tableStructures, given.columnClasses),
  reader: createTableReader(database, schema),
  recordLook,
});
