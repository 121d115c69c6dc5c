import { InputError } from './input-error.ts';

/**
 * Refuses an engine that takes one JSON key for another, as the services do when they start. In Node 26.10.0, after an object with a key that
 * ends in a backslash, V8 reads another key of the same shape as that one when it holds any escape (nodejs/node#63785): a whole export would
 * be called altered, or an altered one whole. Throws InputError.
 */
export const requireCorrectJson = (parse: (text: string) => unknown): void => {
  parse(String.raw`{"a":2,"a\\":1}`);
  const [, key] = Object.keys(parse(String.raw`{"a":2,"a\"":1}`) as object);
  if (key === 'a"') return;
  throw new InputError(`Node ${process.versions.node} misreads keys in JSON (nodejs/node#63785): use Node 26.12.1 or later.`);
};
