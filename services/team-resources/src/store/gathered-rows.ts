import { gather, sql, unmeasuredArray, type Connection, type Fragment, type Placed, type RowSchema } from '@guildhall/db';

/** A value of a statement, or the column of one in a statement that reads for many asks. */
export type Value = string | Fragment | null;

/** The columns by which rows are asked for, with their types. */
const columnTypes = {
  id: 'uuid',
  workspace_id: 'uuid',
  user_id: 'text',
  key: 'text',
  after_key: 'text',
  after_id: 'uuid',
} as const;
type AskedColumn = keyof typeof columnTypes;

/** The values of an ask, in the order of its columns. */
type Ask = readonly (string | null)[];

export interface GatheredRows<Row> {
  /** The columns of an ask, in their order. */
  readonly columns: readonly AskedColumn[];
  /** The plain statement that reads the row of one ask. */
  readonly select: (...ask: readonly Value[]) => Fragment;
  readonly FoundRow: RowSchema<Row>;
  /** `FoundRow` with the column `place`. */
  readonly PlacedRow: RowSchema<Placed<Row>>;
}

/** The rows of `asks` as the table `asked`, each with its `place`, counted from 1. */
const askedRows = (asks: readonly Ask[], columns: readonly AskedColumn[]): Fragment => {
  const values = columns.map((column, index) =>
    unmeasuredArray(
      asks.map((ask) => ask[index] ?? null),
      columnTypes[column],
    ),
  );
  const names = columns.map((column) => sql.identifier([column]));
  return sql.fragment`
    unnest(${sql.join(values, sql.fragment`, `)}) WITH ORDINALITY AS asked (${sql.join(names, sql.fragment`, `)}, place)`;
};

const askedColumns = (columns: readonly AskedColumn[]): readonly Fragment[] =>
  columns.map((column) => sql.fragment`${sql.identifier(['asked', column])}`);

const foundColumns = (schema: RowSchema<unknown>): Fragment => {
  const columns = schema.columns.map((column) => sql.identifier(['found', column]));
  return sql.fragment`${sql.join(columns, sql.fragment`, `)}`;
};

/**
 * Reads rows one by one; those that are asked for at a time, by one statement that runs the plain one for each ask, so that every row is found
 * by the same indexes.
 */
export const gatherRows = <Row>(connection: Connection, { columns, select, FoundRow, PlacedRow }: GatheredRows<Row>) => {
  const found = foundColumns(FoundRow);
  const selectForAsked = select(...askedColumns(columns));
  return gather<Ask, Row>({
    one: (ask) => connection.maybeOne(sql.type(FoundRow)`${select(...ask)}`),
    many: (asks) =>
      connection.any(sql.type(PlacedRow)`
        SELECT asked.place, ${found}
        FROM ${askedRows(asks, columns)} CROSS JOIN LATERAL (${selectForAsked} LIMIT 1) AS found`),
    keyOf: (ask) => JSON.stringify(ask),
  });
};

export interface GatheredLists<Row> extends GatheredRows<Row> {
  /** The order of the list, of the columns of the table `found`. */
  readonly order: Fragment;
}

const withoutPlace = <Row>({ place: _place, ...found }: Placed<Row>): Row => found as unknown as Row;

/** The largest number of lists that one statement reads: each has up to a page of rows. */
const listsPerStatementMax = 16;

/** Reads lists as `gatherRows` reads rows: the rows of each ask in their order, none for an ask that finds none. */
export const gatherLists = <Row>(
  connection: Connection,
  { columns, select, order, FoundRow, PlacedRow }: GatheredLists<Row>,
): ((ask: Ask) => Promise<readonly Row[]>) => {
  const found = foundColumns(FoundRow);
  const selectForAsked = select(...askedColumns(columns));
  const list = gather<Ask, { readonly rows: readonly Row[] }>(
    {
      one: async (ask) => ({ rows: await connection.any(sql.type(FoundRow)`${select(...ask)}`) }),
      many: async (asks) => {
        const placed = await connection.any(sql.type(PlacedRow)`
          SELECT asked.place, ${found}
          FROM ${askedRows(asks, columns)} CROSS JOIN LATERAL (${selectForAsked}) AS found
          ORDER BY asked.place, ${order}`);
        return [...Map.groupBy(placed, ({ place }) => place)].map(([place, rows]) => ({ place, rows: rows.map(withoutPlace) }));
      },
      keyOf: (ask) => JSON.stringify(ask),
    },
    { batchMax: listsPerStatementMax },
  );
  return async (ask) => (await list(ask))?.rows ?? [];
};
