import type { Static, TObject, TProperties } from 'typebox';

declare const columns: unique symbol;

/** A table as `row` sees it: the type of each column, in camelCase, null where the column may be null. */
export interface Table<Columns> {
  readonly [columns]?: Columns;
}

/** The values that a jsonb column reads as, other than SQL's null. */
export type Json = object | string | number | boolean;

/** Declares a table. The declarations of a service are generated from its schema.sql: `store/tables.ts`. */
export const table = <Columns>(): Table<Columns> => ({});

/** The table behind a LEFT JOIN: each of its columns may be null. */
export const leftJoined = <Columns>(joined: Table<Columns>): Table<{ readonly [Name in keyof Columns]: Columns[Name] | null }> =>
  joined;

/** The table with columns that the statement's own condition keeps from being null, as `WHERE leaf_index >= 0` does. */
export const withoutNull = <Columns, Name extends keyof Columns>(
  source: Table<Columns>,
  ..._names: readonly Name[]
): Table<{ readonly [Each in keyof Columns]: Each extends Name ? NonNullable<Columns[Each]> : Columns[Each] }> =>
  source as Table<never>;

type ColumnsOf<Source> = Source extends Table<infer Columns> ? Columns : never;

type MayBeNull<Value> = null extends Value ? true : undefined extends Value ? true : false;

/** The type of a column in each of the tables that have it. */
type Candidates<Columns, Name> = Columns extends unknown
  ? Name extends keyof Columns
    ? { value: Columns[Name] }
    : never
  : never;

/** `null` if the value can stand for the column, otherwise the fault in words. */
type Fault<Value, Candidate> = Candidate extends { value: infer Stored }
  ? unknown extends Value
    ? null
    : [NonNullable<Value>] extends [NonNullable<Stored>]
      ? MayBeNull<Value> extends MayBeNull<Stored>
        ? null
        : MayBeNull<Stored> extends true
          ? 'This column may be null.'
          : 'This column is never null.'
      : 'This column has another type.'
  : never;

type FaultOf<Value, Candidate> = [Candidate] extends [never]
  ? 'None of the tables has this column.'
  : null extends Fault<Value, Candidate>
    ? null
    : Fault<Value, Candidate>;

type Faults<Sources extends readonly Table<unknown>[], Row> = {
  [Name in keyof Row]-?: FaultOf<Row[Name], Candidates<ColumnsOf<Sources[number]>, Name>>;
};

/**
 * Compares a row's schema with the tables that it reads: one sentence per property without a column of its name, type and
 * nullability. Empty if there is none.
 */
export type RowFaults<Sources extends readonly Table<unknown>[], Properties extends TProperties> =
  Faults<Sources, Static<TObject<Properties>>> extends infer All
    ? { [Name in keyof All as All[Name] extends null ? never : Name]: All[Name] }
    : never;
