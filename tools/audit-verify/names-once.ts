/** Texts, brackets, and what stands between; of valid JSON nothing else matters here. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * A name that an object of a JSON text has twice, or null. Readers differ in which of the two they believe: what is proven
 * by one reading could be read otherwise. `value` is what the text was parsed to.
 */
export const nameGivenTwice = (text: string, value: unknown): string | null => {
  // What JSON.stringify writes has no name twice: most lines were written by it.
  if (JSON.stringify(value) === text) return null;
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
