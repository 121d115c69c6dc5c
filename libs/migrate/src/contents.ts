/** What one table holds. Values are texts, as the engine writes them. */
export interface TableContents {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** What every table holds, by its name. The tables in which migrations are recorded are not among them. */
export type Contents = ReadonlyMap<string, TableContents>;

/** How often each row occurs, as far as the columns tell. */
export type RowCounts = ReadonlyMap<string, number>;

export const sharedColumns = (one: TableContents, other: TableContents): readonly string[] =>
  one.columns.filter((column) => other.columns.includes(column)).toSorted();

export const countRows = ({ rows }: TableContents, columns: readonly string[]): RowCounts => {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = JSON.stringify(columns.map((column) => row[column] ?? null));
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
};

/** What is in the first and not in the second, each row as often as it is missing. */
export const without = (rows: RowCounts, others: RowCounts): RowCounts =>
  new Map([...rows].map(([row, count]) => [row, count - (others.get(row) ?? 0)] as const).filter(([, count]) => count > 0));

export const sizeOf = (rows: RowCounts): number => [...rows.values()].reduce((sum, count) => sum + count, 0);

/** Each table with the number of its rows. */
export const tableSizes = (contents: Contents): ReadonlyMap<string, number> =>
  new Map([...contents].map(([table, { rows }]) => [table, rows.length]));
