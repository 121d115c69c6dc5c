import { dataFiltersMax, dataOperators, pageLimitDefault, type DataOperator } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { decodeCursor } from '@guildhall/resources';
import type { BrowsedColumn, BrowsedTable } from './tables.ts';

/** The most characters of a value that leave. */
export const cellCharactersMax = 200;

/** The query of a page of rows, as the contract takes it. */
export interface RowsQuery {
  readonly limit?: number;
  readonly cursor?: string;
  readonly filter?: string;
  readonly sort?: string;
  readonly order?: 'asc' | 'desc';
}

export interface Condition {
  readonly column: BrowsedColumn;
  readonly operator: DataOperator;
  readonly value: string;
}

/** A page of rows as a store reads it. */
export interface RowsRequest {
  readonly table: BrowsedTable;
  readonly conditions: readonly Condition[];
  /** The columns of the order: the one asked for, then those of the key. */
  readonly orderedBy: readonly BrowsedColumn[];
  readonly isDescending: boolean;
  /** The values of `orderedBy` in the last row of the page before; null: from the start. */
  readonly after: readonly string[] | null;
  /** One more than the page holds. */
  readonly limit: number;
}

const invalid = (path: string, message: string): AppError =>
  new AppError('INVALID', `The rows cannot be read so: ${path.slice(1)} ${message}.`, { errors: [{ path, message }] });

const filterable = ({ columns }: BrowsedTable): readonly string[] =>
  columns.filter(({ isFilterable }) => isFilterable).map(({ name }) => name);

/** A secret or unknown column is refused in the same words: what is secret is told by nothing. */
const filterColumn = (table: BrowsedTable, name: string): BrowsedColumn => {
  const column = table.columns.find((each) => each.name === name && each.isFilterable);
  if (column === undefined) throw invalid('/filter', `takes one of these columns: ${filterable(table).join(', ')}`);
  return column;
};

const isOperator = (word: string): word is DataOperator => dataOperators.some((each) => each === word);

const conditionOf = (table: BrowsedTable, text: string): Condition => {
  const [, name = '', operator = '', value = ''] = /^([^:]*):([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  const column = filterColumn(table, name);
  if (!isOperator(operator)) throw invalid('/filter', `takes one of these operators: ${dataOperators.join(', ')}`);
  return { column, operator, value };
};

const conditionsOf = (table: BrowsedTable, filter: string | undefined): readonly Condition[] => {
  const conditions = (filter ?? '')
    .split(',')
    .filter((each) => each !== '')
    .map((each) => conditionOf(table, each));
  if (conditions.length > dataFiltersMax) throw invalid('/filter', `takes at most ${dataFiltersMax} conditions`);
  return conditions;
};

const orderOf = (table: BrowsedTable, sort: string | undefined): readonly BrowsedColumn[] => {
  const { columns, key } = table;
  const sortable = columns.filter(({ isSortable }) => isSortable);
  const first = sort === undefined ? undefined : sortable.find(({ name }) => name === sort);
  if (sort !== undefined && first === undefined)
    throw invalid('/sort', `takes one of these columns: ${sortable.map(({ name }) => name).join(', ')}`);
  const rest = columns.filter(({ name }) => key.includes(name) && name !== sort);
  return [...(first === undefined ? [] : [first]), ...rest];
};

/** Reads a query against a table. Throws INVALID for a column that may not be filtered or sorted, and for a cursor of another list. */
export const createRowsRequest = (table: BrowsedTable, { limit, cursor, filter, sort, order }: RowsQuery): RowsRequest => {
  const orderedBy = orderOf(table, sort);
  return {
    table,
    conditions: conditionsOf(table, filter),
    orderedBy,
    isDescending: order === 'desc',
    after: cursor === undefined ? null : decodeCursor(cursor, orderedBy.length),
    limit: (limit ?? pageLimitDefault) + 1,
  };
};
