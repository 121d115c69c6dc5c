import type { CommonQueryMethods } from 'slonik';
import type { Query } from './sql.ts';

/** The interface that stores run statements on: the pool or a transaction. Every failure is an Error of its own kind. */
export interface Connection {
  /** Every row. */
  any<Row>(query: Query<Row>): Promise<readonly Row[]>;
  /** The one row, or null. Throws when there are more. */
  maybeOne<Row>(query: Query<Row>): Promise<Row | null>;
  /** The one row. Throws when there is none or more: a mistake in the statement, not something to catch. */
  one<Row>(query: Query<Row>): Promise<Row>;
  /** The rows, and how many the statement touched. */
  query<Row>(query: Query<Row>): Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;
}

type Run = <Row>(query: Query<Row>) => Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;

/** Makes a connection from a function that runs one statement. */
export const connectionFrom = (run: Run): Connection => {
  const maybeOne = async <Row>(query: Query<Row>): Promise<Row | null> => {
    const { rows } = await run(query);
    if (rows.length > 1) throw new Error('A statement that should return one row returned more.');
    return rows[0] ?? null;
  };
  return {
    query: run,
    any: async (query) => (await run(query)).rows,
    maybeOne,
    one: async (query) => {
      const found = await maybeOne(query);
      if (found === null) throw new Error('A statement that should return one row returned none.');
      return found;
    },
  };
};

/** Makes a connection from a connection or transaction of slonik. */
export const connectionOn = (methods: Pick<CommonQueryMethods, 'query'>): Connection =>
  connectionFrom((query) => methods.query(query));
