import { AppError } from '@guildhall/errors';
import { instantOf } from '@guildhall/resources';

/** A closing time in UTC with milliseconds. Throws INVALID unless it lies in the future. */
export const closingTime = (text: string, at: string): string => {
  const closesAt = instantOf(text, '/closesAt');
  if (closesAt > at) return closesAt;
  throw new AppError('INVALID', 'A poll closes in the future.', {
    errors: [{ path: '/closesAt', message: 'must be in the future' }],
  });
};
