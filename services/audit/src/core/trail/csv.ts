/** The first character that a spreadsheet does not skip: neither a control, a format (BOM, zero-width) nor a space (NBSP). */
const firstVisible = /[^\p{Cc}\p{Cf}\p{Z}]/u;
/** The characters that make a cell a formula, and the apostrophe, so that a guard can be told from a value. */
const triggers = /^['=+\-@]/;
/** Characters at which a spreadsheet of some locale splits a line, though RFC 4180 does not. */
const needsQuotes = /[",;\t\r\n]/;

/** True for a text that a spreadsheet may run as a formula (CSV injection), also in full-width or other compatible forms. */
const isFormula = (text: string): boolean =>
  /^[\t\r\n]/.test(text) || triggers.test((firstVisible.exec(text)?.[0] ?? '').normalize('NFKC'));

const fieldOf = (text: string): string => {
  const harmless = isFormula(text) ? `'${text}` : text;
  return needsQuotes.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/**
 * Formats a record (RFC 4180). A value that a spreadsheet would run as a formula, or that begins with an apostrophe, gets an
 * apostrophe in front: whoever takes one leading apostrophe away has every value back.
 */
export const csvLineOf = (values: readonly string[]): string => `${values.map(fieldOf).join(',')}\r\n`;
