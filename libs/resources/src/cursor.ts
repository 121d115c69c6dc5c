import { AppError } from '@guildhall/errors';
import { isStorable } from './storable-text.ts';

/** Cursor of keyset pagination: the sort values of a page's last row, as the opaque text that asks for the next page. */
export const encodeCursor = (values: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(values.map(String))).toString('base64url');

/** The values of a cursor. Throws INVALID unless it holds exactly `count` of them. */
export const decodeCursor = (cursor: string, count: number): string[] => {
  const values = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(values) || values.length !== count || !values.every(isText)) throw invalidCursor();
  return values;
};

/** A time in a cursor, as `toISOString` writes it. Throws INVALID for any other text, days that do not exist included. */
export const timeInCursor = (text: string): string => {
  // PostgreSQL and CockroachDB have no year 0.
  const isOurs = /^\d{4}-/.test(text) && text >= '0001' && !Number.isNaN(Date.parse(text));
  if (!isOurs || new Date(text).toISOString() !== text) throw invalidCursor();
  return text;
};

/** A version in a cursor, as `encodeCursor` writes it. Throws INVALID for any other text. */
export const versionInCursor = (text: string): number => {
  if (!/^[1-9][0-9]{0,15}$/.test(text) || !Number.isSafeInteger(Number(text))) throw invalidCursor();
  return Number(text);
};

/** A UUID in a cursor. Throws INVALID for any other text. */
export const uuidInCursor = (text: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw invalidCursor();
  return text;
};

/** INVALID: the cursor was not made by this list, or not for these filters. */
export const invalidCursor = (): AppError =>
  new AppError('INVALID', 'The cursor was not issued by this list with these filters.', {
    errors: [{ path: '/cursor', message: 'is not a cursor of this list with these filters' }],
  });

const isText = (value: unknown): value is string => typeof value === 'string' && isStorable(value);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
