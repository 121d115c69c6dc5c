/** Matches the qualifier of `table.column` outside of string literals. */
const qualifier = /('(?:[^']|'')*')|(?<![\w."])(?:[a-z_]\w*|"[^"]+")\.(?=[a-z_"])/g;

const startOfViews = /^CREATE VIEW /m;

/**
 * Removes the table names before the columns of views from a catalog text: PostgreSQL before 16 always writes them, later
 * versions only where they are needed. Views stand at the end of a catalog text.
 */
export const withoutViewQualifiers = (catalog: string): string => {
  const start = catalog.search(startOfViews);
  if (start === -1) return catalog;
  return catalog.slice(0, start) + catalog.slice(start).replaceAll(qualifier, (_whole, text: string | undefined) => text ?? '');
};

/** True if two catalog texts describe the same schema, whichever PostgreSQL from version 15 on wrote them. */
export const isSameSchema = (one: string, other: string): boolean => withoutViewQualifiers(one) === withoutViewQualifiers(other);
