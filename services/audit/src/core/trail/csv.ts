/** Texts that a spreadsheet would run as a formula (CSV injection). */
const formula = /^[=+\-@\t\r]/;
const needsQuotes = /[",\r\n]/;

const fieldOf = (text: string): string => {
  const harmless = formula.test(text) ? `'${text}` : text;
  return needsQuotes.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** Formats a record (RFC 4180). A value that a spreadsheet would run as a formula gets an apostrophe in front. */
export const csvLineOf = (values: readonly string[]): string => `${values.map(fieldOf).join(',')}\r\n`;
