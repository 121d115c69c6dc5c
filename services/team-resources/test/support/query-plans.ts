import { sql, type Connection, type Query } from '@guildhall/db';
import type { Client } from 'pg';

/** The connection that explains statements in place of running them, and what the planner said. */
export interface Explained {
  /** Finds no rows. */
  readonly connection: Connection;
  /** The plans so far, as lines of text, oldest first. */
  readonly plans: readonly (readonly string[])[];
}

/** Makes a connection that asks the server for the plan of each statement with its values, and runs none. */
export const explainOn = (server: Connection): Explained => {
  const plans: (readonly string[])[] = [];
  const explain = async (query: Query): Promise<void> => {
    const { rows } = await server.query(sql.unsafe`EXPLAIN ${query}`);
    plans.push(rows.map((row) => (row as { readonly 'QUERY PLAN': string })['QUERY PLAN']));
  };
  return {
    plans,
    connection: {
      any: async (query) => {
        await explain(query);
        return [];
      },
      maybeOne: async (query) => {
        await explain(query);
        return null;
      },
      one: () => Promise.reject(new Error('A statement that is explained finds no row.')),
      query: async (query) => {
        await explain(query);
        return { rows: [], rowCount: 0 };
      },
    },
  };
};

/** The tables with at least so many rows, by the statistics of the server. */
export const largeTables = async (client: Client, rowsMin: number): Promise<ReadonlySet<string>> => {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relnamespace = 'team'::regnamespace AND relkind = 'r' AND reltuples >= $1`,
    [rowsMin],
  );
  return new Set(rows.map(({ relname }) => relname));
};

/** The tables that a plan reads from one end to the other. */
export const sequentialScans = (plan: readonly string[]): readonly string[] =>
  plan.flatMap((line) => /Seq Scan on (\w+)/.exec(line)?.[1] ?? []);
