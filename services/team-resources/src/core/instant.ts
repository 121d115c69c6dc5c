import { AppError } from '@guildhall/errors';

/** A time in UTC with milliseconds. Throws INVALID, at this JSON Pointer, for one that no calendar has, such as a leap second. */
export const instantOf = (text: string, path: string): string => {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new AppError('INVALID', 'There is no such time.', { errors: [{ path, message: 'is not a time' }] });
};

/** A closing time in UTC with milliseconds. Throws INVALID unless it lies in the future. */
export const closingTime = (text: string, at: string): string => {
  const closesAt = instantOf(text, '/closesAt');
  if (closesAt > at) return closesAt;
  throw new AppError('INVALID', 'A poll closes in the future.', {
    errors: [{ path: '/closesAt', message: 'must be in the future' }],
  });
};
