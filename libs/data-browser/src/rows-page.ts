import type { DataRow } from '@guildhall/contracts';
import { encodeCursor, notFound, toPage, type Page } from '@guildhall/resources';
import { cellCharactersMax, type RowsQuery } from './rows-request.ts';
import type { BrowsedTable, BrowsedTables } from './tables.ts';

/** A row as a store reads it: in the order of the table's columns. */
export interface FoundRow {
  /** The value as text, one character longer than shown at most; null for null and for content. */
  readonly texts: readonly (string | null)[];
  /** The characters of the whole value; null for null. */
  readonly lengths: readonly (number | null)[];
  /** The values of the columns of the order. */
  readonly position: readonly string[];
}

/** Finds a table. Throws NOT_FOUND. */
export const tableOf = (tables: BrowsedTables, name: string): BrowsedTable => {
  const table = tables.get(name);
  if (table === undefined) throw notFound('table');
  return table;
};

const toDataRow = ({ columns }: BrowsedTable, { texts, lengths }: FoundRow): DataRow => ({
  cells: columns.map(({ name, class: columnClass }, index) => {
    const text = texts[index] ?? null;
    const length = lengths[index] ?? null;
    const isCut = length !== null && length > cellCharactersMax;
    const isContent = columnClass === 'content';
    return {
      column: name,
      text: isContent ? null : (text?.slice(0, cellCharactersMax) ?? null),
      length: isCut || isContent ? length : null,
    };
  }),
});

/** The page of the rows that a store found for a request. */
export const toRowsPage = (table: BrowsedTable, rows: readonly FoundRow[], query: RowsQuery): Page<DataRow> => {
  const { items, nextCursor } = toPage(rows, query, ({ position }) => encodeCursor(position));
  return { items: items.map((row) => toDataRow(table, row)), nextCursor };
};
