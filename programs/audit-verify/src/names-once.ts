/** Texts, brackets, and what stands between; of valid JSON nothing else matters here. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * A name that an object of a JSON text has twice, or null. Readers differ in which of the two they believe: what is proven
 * by one reading could be read otherwise.
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
