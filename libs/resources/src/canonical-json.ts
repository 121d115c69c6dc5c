import { AppError } from '@guildhall/errors';

/** The deepest nesting of arrays and objects. */
export const canonicalDepthMax = 200;

const refused = (what: string): AppError => new AppError('UNPROCESSABLE', `The event has no canonical JSON: ${what}.`);

/**
 * The canonical form of a JSON value (RFC 8785): no white space, keys in the order of their UTF-16 code units, numbers and
 * texts as ECMAScript writes them. Throws UNPROCESSABLE for what is no I-JSON (RFC 7493): half a surrogate pair, a number
 * that is not finite, anything that JSON does not know, and what lies deeper than `canonicalDepthMax`.
 */
export const canonicalJson = (value: unknown): string => write(value, 0);

const write = (value: unknown, depth: number): string => {
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'number') return writeNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'object') return writeWithin(value, depth + 1);
  throw refused(`JSON does not know the type ${typeof value}`);
};

const writeNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw refused('a number is not finite');
  return JSON.stringify(value);
};

const writeText = (text: string): string => {
  if (!text.isWellFormed()) throw refused('a text holds half of a surrogate pair');
  return JSON.stringify(text);
};

const writeWithin = (value: object, depth: number): string => {
  if (depth > canonicalDepthMax) throw refused(`it is nested deeper than ${canonicalDepthMax} levels`);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => write(item, depth)).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  // Without a comparison of its own, a sort goes by UTF-16 code units.
  const keys = Object.keys(fields).toSorted();
  return `{${keys.map((key) => `${writeText(key)}:${write(fields[key], depth)}`).join(',')}}`;
};
