import { cellCharactersMax, type BrowsedColumn, type Condition, type FoundRow, type RowsRequest } from '@guildhall/data-browser';
import type { SoloDatabase } from './open.ts';

/** The most rows of a table that are counted. */
const countedMax = 100_000;

/** Columns and tables are those of the structure that was generated from the schema: none of their names needs quotes, and none comes from a caller. */
const textOf = ({ name }: BrowsedColumn): string => `CAST(t.${name} AS TEXT)`;
const shownText = (column: BrowsedColumn): string =>
  column.class === 'content' ? 'NULL' : `substr(${textOf(column)}, 1, ${cellCharactersMax + 1})`;
const lengthOf = (column: BrowsedColumn): string => `length(${textOf(column)})`;

const comparisons: Readonly<Record<Condition['operator'], (name: string) => string>> = {
  is: (name) => `t.${name} = ?`,
  from: (name) => `t.${name} >= ?`,
  before: (name) => `t.${name} < ?`,
  null: (name) => `t.${name} IS NULL`,
  present: (name) => `t.${name} IS NOT NULL`,
};
const hasValue = ({ operator }: Condition): boolean => operator !== 'null' && operator !== 'present';

/** A value as its column holds it: a text that is no number finds nothing in a column of numbers. */
const valueOf = ({ type }: BrowsedColumn, value: string): string | number =>
  type === 'INTEGER' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;

const statementOf = ({ table, conditions, orderedBy, isDescending, after }: RowsRequest): string => {
  const direction = isDescending ? 'DESC' : 'ASC';
  const order = orderedBy.map(({ name }) => `t.${name}`);
  const position =
    after === null ? [] : [`(${order.join(', ')}) ${isDescending ? '<' : '>'} (${order.map(() => '?').join(', ')})`];
  const where = ['1', ...conditions.map(({ column, operator }) => comparisons[operator](column.name)), ...position];
  const values = [...table.columns.map(shownText), ...table.columns.map(lengthOf), ...orderedBy.map(textOf)];
  return `SELECT ${values.join(', ')} FROM ${table.name} AS t WHERE ${where.join(' AND ')} ORDER BY ${order.map((each) => `${each} ${direction}`).join(', ')} LIMIT ?`;
};

/** Reads tables of the solo file. A statement of these changes nothing. */
export const createSoloTableReader = ({ sqlite }: SoloDatabase) => ({
  /** Counts the rows of a table, as far as `countedMax`. */
  count: (table: string): number =>
    sqlite.prepare<[], number>(`SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT ${countedMax})`).pluck().get() ?? 0,
  rows(request: RowsRequest): readonly FoundRow[] {
    const { table, conditions, orderedBy, after, limit } = request;
    const values = [
      ...conditions.filter(hasValue).map(({ column, value }) => valueOf(column, value)),
      ...(after ?? []).map((value, index) => (orderedBy[index] === undefined ? value : valueOf(orderedBy[index], value))),
      limit,
    ];
    const statement = sqlite.prepare<unknown[], readonly (string | number | null)[]>(statementOf(request)).raw();
    const width = table.columns.length;
    return statement.all(...values).map((row) => ({
      texts: row.slice(0, width).map((text) => (text === null ? null : String(text))),
      lengths: row.slice(width, 2 * width).map((length) => (length === null ? null : Number(length))),
      position: row.slice(2 * width).map(String),
    }));
  },
});
