import { AppError, type FieldError } from '@guildhall/errors';
import { isStorable } from '@guildhall/resources';

/** Throws INVALID, naming the first field, when a part of a request contains text that no database can store. */
export const requireStorable = (part: 'body' | 'query' | 'path', value: unknown): void => {
  const fault = faultIn(value, '');
  if (fault !== null) throw new AppError('INVALID', `The ${part} holds text that is not valid Unicode.`, { errors: [fault] });
};

/** The value was validated before: it is no deeper than its schema. */
const faultIn = (value: unknown, path: string): FieldError | null => {
  if (typeof value === 'string') return isStorable(value) ? null : { path, message: 'holds a NUL or half of a surrogate pair' };
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, item] of Object.entries(value)) {
    const fault = faultIn(item, `${path}/${name}`);
    if (fault !== null) return fault;
  }
  return null;
};
