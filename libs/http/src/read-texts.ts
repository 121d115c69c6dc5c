import type { TObject } from 'typebox';

/** A whole number as people write it. JavaScript would also read `1e400`, `0x10`, `+1` and ` 10`. */
const decimal = /^(0|-?[1-9][0-9]{0,15})$/;

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  integer: (text) => (decimal.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text),
  boolean: (text) => text === 'true' || (text === 'false' ? false : text),
};

type Texts = Readonly<Record<string, unknown>>;

/**
 * Returns a function that reads the texts of a path or query into the types that the schema gives them. A text that is no such
 * value stays a text, so that validation refuses it. A UUID in capitals is the same one (RFC 9562, section 4) and is read in small
 * letters. Throws an Error for a type that no text is read into.
 */
export const textReaderOf = (schema: TObject): ((texts: Texts) => Record<string, unknown>) => {
  const typed = Object.entries(schema.properties).flatMap(([name, property]) => {
    const { type, format } = property as { readonly type?: string; readonly format?: string };
    if (format === 'uuid') return [[name, (text: string) => text.toLowerCase()] as const];
    if (type === undefined || type === 'string') return [];
    const read = readers[type];
    if (read === undefined) throw new Error(`A ${type} cannot stand in a path or query: ${name}.`);
    return [[name, read] as const];
  });
  return (texts) => {
    const values = { ...texts };
    for (const [name, read] of typed) {
      const text = values[name];
      if (typeof text === 'string') values[name] = read(text);
    }
    return values;
  };
};
