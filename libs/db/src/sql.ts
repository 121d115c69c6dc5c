import { createSqlTag, type FragmentSqlToken, type QuerySqlToken } from 'slonik';
import type { RowResult } from './row.ts';

/**
 * The tag that every statement is written with: `sql.type(row)` for one that answers rows, `sql.unsafe` for one whose
 * rows are not looked at, `sql.fragment` for a piece. Values become parameters, never text.
 */
export const sql = createSqlTag();

/** Any Standard Schema whose output is `Row`: wider than what `row` makes, so that `sql.unsafe` fits too. */
interface RowParser<Row> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => RowResult<Row> | Promise<RowResult<Row>>;
    readonly types?: { readonly input: unknown; readonly output: Row } | undefined;
  };
}

/** A whole statement whose rows are `Row`. */
export type Query<Row = unknown> = QuerySqlToken<RowParser<Row>>;
/** A piece of a statement. */
export type Fragment = FragmentSqlToken;

/**
 * An array whose length the planner does not look at. PostgreSQL counts the items of an array parameter, and where few of them promise a cheaper plan than the
 * generic one it plans the statement anew each time it runs (a custom plan), which costs more than to run it. Within a subquery each array counts as the usual ten.
 */
export const unmeasuredArray = (values: readonly (string | number | null)[], type: 'int2' | 'int8' | 'text' | 'uuid'): Fragment =>
  sql.fragment`(SELECT ${sql.array([...values], type)})`;
