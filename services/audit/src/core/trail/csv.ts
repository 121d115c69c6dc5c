/** Texts that a spreadsheet would run as a formula (CSV injection). */
const formula = /^[=+\-@\t\r]/;
const needsQuotes = /[",\r\n]/;

const fieldOf = (text: string): string => {
  const harmless = formula.test(text) ? `'${text}` : text;
  return needsQuotes.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** One record after RFC 4180. Before a value that a spreadsheet would run as a formula stands an apostrophe. */
export const csvLineOf = (values: readonly string[]): string => `${values.map(fieldOf).join(',')}\r\n`;
