import { AppError, type FieldError } from '@guildhall/errors';
import { isStorable } from '@guildhall/resources';
import { fieldErrorsMax } from './field-errors.ts';

/** Throws INVALID, naming the fields, when a part of a request contains text that no database can store. */
export const requireStorable = (part: 'body' | 'query' | 'path', value: unknown): void => {
  const faults = faultsIn(value, '');
  if (faults.length === 0) return;
  throw new AppError('INVALID', `The ${part} holds text that is not valid Unicode.`, { errors: faults.slice(0, fieldErrorsMax) });
};

/** The value was validated before: it is no deeper than its schema. */
const faultsIn = (value: unknown, path: string): readonly FieldError[] => {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message: 'holds a NUL or half of a surrogate pair' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => faultsIn(item, `${path}/${name}`));
};
