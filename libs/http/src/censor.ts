/** The names of fields whose text is redacted in log lines, at any depth and in any case. */
const secretName =
  /(password|token|secret|authorization|cookie|api-?key|(database|queue|smtp)_?url|x-guildhall-(principal|service))$/i;
/** The password within a URL (RFC 3986, section 3.2.1). */
const passwordInUrl = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;
const censored = '[secret]';
const depthMax = 6;

/** Redacts secrets in a log entry: values by the name of their field, passwords in URLs by their form. */
export const censor = (value: unknown, name = '', parent = '', depth = 0): unknown => {
  if (typeof value === 'string') return isSecret(name, parent) ? censored : value.replaceAll(passwordInUrl, `$1:${censored}@`);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth === depthMax) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => censor(item, name, parent, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, censor(item, key, name, depth + 1)]));
};

/** A one-time `code` is a secret in a body; elsewhere a code says what went wrong. */
const isSecret = (name: string, parent: string): boolean => secretName.test(name) || (name === 'code' && parent === 'body');
