import { AppError } from '@guildhall/errors';

/** A time in UTC with milliseconds. Throws INVALID, at this JSON Pointer, for one that no calendar has, such as a leap second. */
export const instantOf = (text: string, path: string): string => {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new AppError('INVALID', 'There is no such time.', { errors: [{ path, message: 'is not a time' }] });
};
