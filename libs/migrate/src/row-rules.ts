import { countRows, sharedColumns, sizeOf, without, type Contents, type TableContents } from './contents.ts';

/**
 * The rules for existing rows. Up: every row keeps the columns that stay, except in tables that the file itself changes: by
 * INSERT it may add rows, by UPDATE change them, by DELETE or DROP TABLE remove them. Down: every row keeps the columns that
 * stay, except the rows that the up file inserted; a table whose rows the up file had updated or deleted may differ, because
 * their former values are gone.
 */
export interface MigrationSql {
  readonly name: string;
  readonly upSql: string;
}

const withoutComments = (sql: string): string => sql.replaceAll(/--.*$/gm, '').replaceAll(/\/\*[\s\S]*?\*\//g, '');

type Change = 'INSERT INTO' | 'UPDATE' | 'DELETE FROM' | 'DROP TABLE IF EXISTS' | 'DROP TABLE';

const says = ({ upSql }: MigrationSql, change: Change, table: string): boolean =>
  new RegExp(`\\b${change.replaceAll(' ', '\\s+')}\\s+(?:[a-z0-9_]+\\.)?"?${table}"?(?![a-z0-9_])`, 'i').test(
    withoutComments(upSql),
  );

const drops = (step: MigrationSql, table: string): boolean =>
  says(step, 'DROP TABLE', table) || says(step, 'DROP TABLE IF EXISTS', table);

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

/** Throws an Error that names the file and the table if the up file broke the rules. */
export const checkRowsAfterUp = (step: MigrationSql, before: Contents, after: Contents): void => {
  for (const [table, was] of before) {
    const is = after.get(table);
    if (is === undefined) {
      if (was.rows.length > 0 && !drops(step, table))
        throw new Error(`${step.name}.up.sql loses the table ${table} with its rows.`);
      continue;
    }
    const columns = sharedColumns(was, is);
    const lost = sizeOf(without(countRows(was, columns), countRows(is, columns)));
    const gained = sizeOf(without(countRows(is, columns), countRows(was, columns)));
    const isUpdated = says(step, 'UPDATE', table);
    const lostForGood = isUpdated ? Math.max(0, lost - gained) : lost;
    const newOnes = isUpdated ? Math.max(0, gained - lost) : gained;
    if (lostForGood > 0 && !says(step, 'DELETE FROM', table))
      throw new Error(`${step.name}.up.sql loses or changes ${rows(lostForGood)} of ${table}.`);
    if (newOnes > 0 && !says(step, 'INSERT INTO', table))
      throw new Error(`${step.name}.up.sql adds ${rows(newOnes)} to ${table}.`);
  }
};

/** The rows that the up file inserted into tables that existed before it. */
export const rowsInserted = (before: Contents, after: Contents): Contents => {
  const inserted = new Map<string, TableContents>();
  for (const [table, was] of before) {
    const is = after.get(table);
    if (is === undefined) continue;
    const columns = sharedColumns(was, is);
    const known = new Map(countRows(was, columns));
    const fresh = is.rows.filter((row) => {
      const [text = ''] = countRows({ columns, rows: [row] }, columns).keys();
      const count = known.get(text) ?? 0;
      known.set(text, count - 1);
      return count <= 0;
    });
    if (fresh.length > 0) inserted.set(table, { columns: is.columns, rows: fresh });
  }
  return inserted;
};

/** Throws an Error that names the file and the table if the down file broke the rules. */
export const checkRowsAfterDown = (step: MigrationSql, before: Contents, after: Contents, inserted: Contents): void => {
  for (const [table, is] of after) {
    const was = before.get(table);
    if (was === undefined || says(step, 'UPDATE', table) || says(step, 'DELETE FROM', table)) continue;
    const columns = sharedColumns(was, is);
    const own = inserted.get(table);
    const expected = without(countRows(was, columns), own === undefined ? new Map() : countRows(own, columns));
    const found = countRows(is, columns);
    const lost = sizeOf(without(expected, found));
    const left = sizeOf(without(found, expected));
    if (lost > 0)
      throw new Error(`${step.name}.down.sql loses or changes ${rows(lost)} of ${table} that the up file did not insert.`);
    if (left > 0) throw new Error(`${step.name}.down.sql leaves ${rows(left)} in ${table} that the up file inserted.`);
  }
};
