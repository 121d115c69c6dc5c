import { AppError } from '@guildhall/errors';

/** The sort values of a page's last row, as the opaque text that asks for the next page. */
export const encodeCursor = (values: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(values.map(String))).toString('base64url');

/** The values of a cursor. Throws INVALID unless it holds exactly `count` of them. */
export const decodeCursor = (cursor: string, count: number): string[] => {
  const values = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(values) || values.length !== count || !values.every((value) => typeof value === 'string')) {
    throw new AppError('INVALID', 'The cursor is not one that this list gave out.', {
      errors: [{ path: '/cursor', message: 'is not a cursor of this list' }],
    });
  }
  return values;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
