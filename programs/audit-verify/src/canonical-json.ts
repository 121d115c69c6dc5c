/** The deepest nesting that is read: more than any event has, and far less than would exhaust the stack. */
const depthMax = 500;

/**
 * The JSON Canonicalization Scheme (RFC 8785) of a value as `JSON.parse` returns it. Throws for a lone surrogate and for
 * nesting that is too deep.
 */
export const canonicalJson = (value: unknown, depth = 0): string => {
  if (depth > depthMax) throw new Error(`is nested deeper than ${depthMax} levels`);
  if (typeof value === 'string') return canonicalText(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join()}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value as Record<string, unknown>, depth);
  // RFC 8785, 3.2.2.3: numbers as ECMAScript writes them, which is what JSON.stringify does.
  return JSON.stringify(value);
};

const canonicalText = (text: string): string => {
  if (!text.isWellFormed()) throw new Error('holds half a surrogate pair');
  return JSON.stringify(text);
};

/** Sorts names by their UTF-16 code units (RFC 8785, section 3.2.3), which is how `sort` compares texts. */
const canonicalObject = (object: Record<string, unknown>, depth: number): string => {
  let text = '';
  for (const name of Object.keys(object).toSorted()) {
    text += `${text === '' ? '' : ','}${canonicalText(name)}:${canonicalJson(object[name], depth + 1)}`;
  }
  return `{${text}}`;
};
