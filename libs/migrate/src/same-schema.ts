/** `table.column` outside of a text: what stands before the dot, the dot, and that a name follows. */
const qualifier = /('(?:[^']|'')*')|(?<![\w."])(?:[a-z_]\w*|"[^"]+")\.(?=[a-z_"])/g;

const startOfViews = /^CREATE VIEW /m;

/**
 * A catalog's text without the tables' names before the columns of views: PostgreSQL before 16 writes them everywhere, later
 * ones only where they must. Views stand at the end of a catalog.
 */
export const withoutViewQualifiers = (catalog: string): string => {
  const start = catalog.search(startOfViews);
  if (start === -1) return catalog;
  return catalog.slice(0, start) + catalog.slice(start).replaceAll(qualifier, (_whole, text: string | undefined) => text ?? '');
};

/** Whether two catalogs tell of the same schema, whichever PostgreSQL from version 15 wrote them. */
export const isSameSchema = (one: string, other: string): boolean => withoutViewQualifiers(one) === withoutViewQualifiers(other);
