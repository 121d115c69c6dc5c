/** Matches string literals, whose content is skipped, and numbers. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Normalizes a number: sign, digits without zeros at either end, and exponent; equal for every way to write the same value. */
const valueOf = (number: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return number.includes('Infinity') ? number : '0';
  return `${sign}${short}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - short.length)}`;
};

/**
 * Finds a number in a JSON text that a double cannot represent as it is written (`1e400`, `9007199254740993`); null if there
 * is none. A leaf is computed from doubles: another reader would read another value than the one that is proven.
 */
export const inexactNumber = (text: string): string | null => {
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith('"')) continue;
    const read = String(Number(token));
    if (read !== token && valueOf(read) !== valueOf(token)) return token;
  }
  return null;
};
