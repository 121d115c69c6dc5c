import { sql, type Connection, type Query } from '@guildhall/db';
import type { Client } from 'pg';

/** The connection that explains statements in place of running them, and what the planner said. */
export interface Explained {
  /** Finds no rows. */
  readonly connection: Connection;
  /** The plans so far, as lines of text, oldest first. */
  readonly plans: readonly (readonly string[])[];
}

/** The words of a statement that writes or locks rows. */
const changes = /\b(?:INSERT|UPDATE|DELETE)\b/;

/**
 * Makes a connection that asks the server for the plan of each statement with its values. Statements that only read are run for it,
 * so that the plan tells how many rows came; no other is.
 */
export const explainOn = (server: Connection): Explained => {
  const plans: (readonly string[])[] = [];
  const explain = async (query: Query): Promise<void> => {
    const { rows } = await server.query(
      changes.test(query.sql)
        ? sql.unsafe`EXPLAIN ${query}`
        : sql.unsafe`EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, SUMMARY OFF) ${query}`,
    );
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
      one: async (query) => {
        await explain(query);
        throw new Error('A statement that is explained finds no row.');
      },
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

/** The lines that tell more about the step in a line of a plan: those up to the next step. */
const detailsOf = (plan: readonly string[], index: number): readonly string[] => {
  const rest = plan.slice(index + 1);
  const end = rest.findIndex((line) => /->|^\s*(?:CTE|SubPlan|InitPlan)/.test(line));
  return end === -1 ? rest : rest.slice(0, end);
};

/** The tables whose index a plan walks without a condition on it: it may come upon all rows before it has enough. */
export const unboundedIndexScans = (plan: readonly string[]): readonly string[] =>
  plan.flatMap((line, index) => {
    const table = /Index (?:Only )?Scan (?:Backward )?using \w+ on (\w+)/.exec(line)?.[1];
    return table === undefined || detailsOf(plan, index).some((detail) => detail.includes('Index Cond:')) ? [] : [table];
  });

/** The number of rows of a step, in a line of a plan: those that came, where the statement was run, else as the planner estimates. */
const rowsOf = (line: string): number => Number(/actual rows=(\d+)/.exec(line)?.[1] ?? /rows=(\d+)/.exec(line)?.[1] ?? 0);

/** The greatest number of rows that a step of a plan sorts. Rows that come nearly in order do not count. */
export const sortedRows = (plan: readonly string[]): number =>
  Math.max(
    0,
    ...plan.flatMap((line, index) => {
      if (!/(?:^|->)\s*Sort\s+\(/.test(line)) return [];
      // A sort under a limit answers only the first rows: its input tells how many it sorts.
      const input = plan.slice(index + 1).find((below) => below.includes('->')) ?? line;
      return [Math.max(rowsOf(line), rowsOf(input))];
    }),
  );
