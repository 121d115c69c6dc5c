import { AppError } from '@guildhall/errors';

/**
 * True if every database can store the text: PostgreSQL does not take U+0000, CockroachDB does; neither takes a lone
 * surrogate.
 */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** True if every text in a JSON value, property names included, can be stored. */
export const hasStorableTexts = (value: unknown): boolean => {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, item]) => isStorable(name) && hasStorableTexts(item));
};

/** Throws UNPROCESSABLE for an event with a text that not every database stores, so that all engines keep the same events. */
export const requireStorableTexts = (event: object): void => {
  if (!hasStorableTexts(event))
    throw new AppError('UNPROCESSABLE', 'The event contains the character U+0000, which cannot be stored.');
};
