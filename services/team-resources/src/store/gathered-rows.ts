import { gather, sql, unmeasuredArray, type Connection, type Fragment, type Placed, type RowSchema } from '@guildhall/db';

/** A value of a statement, or the column of one in a statement that reads for many asks. */
export type Value = string | Fragment | null;

/** The columns by which rows are asked for, with their types. */
const columnTypes = { id: 'uuid', workspace_id: 'uuid', user_id: 'text', key: 'text' } as const;
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

/**
 * Reads rows one by one; those that are asked for at a time, by one statement that runs the plain one for each ask, so that every row is found
 * by the same indexes.
 */
export const gatherRows = <Row>(connection: Connection, { columns, select, FoundRow, PlacedRow }: GatheredRows<Row>) => {
  const found = FoundRow.columns.map((column) => sql.identifier(['found', column]));
  const selectForAsked = select(...columns.map((column) => sql.fragment`${sql.identifier(['asked', column])}`));
  return gather<Ask, Row>({
    one: (ask) => connection.maybeOne(sql.type(FoundRow)`${select(...ask)}`),
    many: (asks) =>
      connection.any(sql.type(PlacedRow)`
        SELECT asked.place, ${sql.join(found, sql.fragment`, `)}
        FROM ${askedRows(asks, columns)} CROSS JOIN LATERAL (${selectForAsked} LIMIT 1) AS found`),
    keyOf: (ask) => JSON.stringify(ask),
  });
};
