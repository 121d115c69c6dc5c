/** Matches string literals, brackets and commas: nothing else matters for names in valid JSON. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Finds a name that occurs twice in one object of a JSON text; null if there is none. Readers differ in which of the two
 * values they take: a proof for one reading would say nothing about the other.
 */
export const nameGivenTwice = (text: string): string | null => {
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [token] of text.matchAll(tokens)) {
    const names = open.at(-1) ?? null;
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && isName && names !== null) {
      const name = String(JSON.parse(token));
      if (names.has(name)) return name;
      names.add(name);
    }
    isName = token === '{' || (token === ',' && names !== null);
  }
  return null;
};
