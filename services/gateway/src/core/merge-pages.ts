import type { Workspace } from '@guildhall/contracts';

export interface Page {
  readonly items: readonly Workspace[];
  readonly nextCursor: string | null;
}

/**
 * One page out of two lists that both run from the newest to the oldest, asked for the same limit behind the same
 * cursor. The next page begins behind the last workspace that this one shows, in both lists.
 */
export const mergePages = (pages: readonly Page[], limit: number, cursorOf: (last: Workspace) => string): Page => {
  const all = pages.flatMap(({ items }) => items).toSorted(newestFirst);
  const items = all.slice(0, limit);
  const last = items.at(-1);
  const isMore = all.length > items.length || pages.some(({ nextCursor }) => nextCursor !== null);
  return { items, nextCursor: isMore && last !== undefined ? cursorOf(last) : null };
};

const newestFirst = (a: Workspace, b: Workspace): number => compare(b.createdAt, a.createdAt) || compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
