import type { Workspace } from '@guildhall/contracts';

export interface WorkspacePage {
  readonly items: readonly Workspace[];
  readonly nextCursor: string | null;
}

/**
 * Merges one page of each of two lists, both newest first and read with the same limit after the same cursor (keyset pagination).
 * The next page begins after the last workspace of the merged page, in both lists.
 */
export const mergePages = (
  pages: readonly WorkspacePage[],
  limit: number,
  cursorOf: (last: Workspace) => string,
): WorkspacePage => {
  const all = pages.flatMap(({ items }) => items).toSorted(newestFirst);
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > items.length || pages.some(({ nextCursor }) => nextCursor !== null);
  return { items, nextCursor: isMore && last !== undefined ? cursorOf(last) : null };
};

const newestFirst = (a: Workspace, b: Workspace): number => compare(b.createdAt, a.createdAt) || compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
