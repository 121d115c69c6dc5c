/** Texts, so that what they hold is passed over, and numbers. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Sign, digits without noughts at the ends, and how far the point stands: the same for every way to write a number. */
const valueOf = (number: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return number.includes('Infinity') ? number : '0';
  return `${sign}${short}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - short.length)}`;
};

/**
 * A number of a JSON text that a double does not hold as it is written (`1e400`, `9007199254740993`), or null. A leaf is made
 * of doubles: another reader would see another value in the text than the one that is proven.
 */
export const inexactNumber = (text: string): string | null => {
  for (const [token] of text.matchAll(tokens)) {
    if (token.startsWith('"')) continue;
    const read = String(Number(token));
    if (read !== token && valueOf(read) !== valueOf(token)) return token;
  }
  return null;
};
