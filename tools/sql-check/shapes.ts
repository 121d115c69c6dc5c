/**
 * What a fragment may be part of. The first shape in which PostgreSQL can read it is the one it is checked in; a
 * fragment that fits none is reported, not passed over.
 */
export const shapesOf = (fragment: string, schema: string): string[] => {
  const table = `${schema}.any_table`;
  return [
    fragment,
    `SELECT 1 WHERE (${fragment})`,
    `SELECT ${fragment}`,
    `SELECT 1 FROM ${fragment}`,
    `SELECT 1 FROM ${table} WHERE true ${fragment}`,
    `SELECT 1 FROM ${table} ${fragment}`,
    `SELECT 1 FROM ${table} ORDER BY ${fragment}`,
    `WITH ${fragment} SELECT 1`,
    `WITH first AS (SELECT 1) ${fragment} SELECT 1`,
    `WITH first AS (SELECT 1), ${fragment} SELECT 1`,
    `${fragment} SELECT 1`,
    `UPDATE ${table} SET ${fragment}`,
    `UPDATE ${table} SET any_column = 1 ${fragment}`,
    `INSERT INTO ${table} (any_column) VALUES ${fragment}`,
    `INSERT INTO ${table} (any_column) VALUES (1) ${fragment}`,
    `INSERT INTO ${table} (any_column${fragment}) VALUES (1)`,
    `SELECT (${fragment}) FROM ${table}`,
    `SELECT $1${fragment}`,
  ];
};
