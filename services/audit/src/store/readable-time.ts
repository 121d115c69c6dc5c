import { sql, type Fragment } from '@guildhall/db';

/** Reads a time as one that an ISO 8601 text can say: a row with `infinity`, which somebody wrote by hand, is no failure to read. */
export const readableTime = (column: Fragment): Fragment =>
  sql.fragment`least(greatest(${column}, '0001-01-01T00:00:00Z'), '9999-12-31T00:00:00Z')`;
