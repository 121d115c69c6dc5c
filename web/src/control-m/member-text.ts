/** The index after the string that opens at `from`. */
const endOfString = (json: string, from: number): number => {
  let at = from + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** The index behind the value that begins at `from`: the comma or brace that ends the member. */
const endOfValue = (json: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === '}' || character === ']') depth -= 1;
    at += 1;
  }
  return at;
};

/**
 * The text of a member of a JSON object as it is written: what `JSON.parse` makes of it has lost the form of numbers and the order
 * of names. Throws an Error for a text without the member.
 */
export const memberText = (json: string, member: string): string => {
  let at = json.indexOf('{') + 1;
  while (at > 0 && at < json.length) {
    const start = json.indexOf('"', at);
    if (start < 0) break;
    const end = endOfString(json, start);
    const from = json.indexOf(':', end) + 1;
    const to = endOfValue(json, from);
    if (JSON.parse(json.slice(start, end)) === member) return json.slice(from, to).trim();
    at = to + 1;
  }
  throw new Error(`There is no member ${member}.`);
};
