/** The contents of one table. Values are texts, as the engine writes them. */
export interface TableContents {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** The contents of every table by its name, without the tables in which migrations are recorded. */
export type Contents = ReadonlyMap<string, TableContents>;

/** The number of occurrences of each row, compared by the columns that are read. */
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

/** Multiset difference: the rows of the first that the second lacks, each as often as it is missing. */
export const without = (rows: RowCounts, others: RowCounts): RowCounts =>
  new Map([...rows].map(([row, count]) => [row, count - (others.get(row) ?? 0)] as const).filter(([, count]) => count > 0));

export const sizeOf = (rows: RowCounts): number => [...rows.values()].reduce((sum, count) => sum + count, 0);

/** The number of rows of each table. */
export const tableSizes = (contents: Contents): ReadonlyMap<string, number> =>
  new Map([...contents].map(([table, { rows }]) => [table, rows.length]));
