import type { Workspace } from '@guildhall/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergePages, type WorkspacePage } from '../../src/core/merge-pages.ts';

const workspace = (mode: 'solo' | 'shared', second: number, id: string): Workspace => {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    id,
    mode,
    communityId: null,
    name: id,
    description: '',
    createdBy: 'ada',
    createdByName: 'Ada',
    version: 1,
    createdAt,
    updatedAt: createdAt,
  };
};
const keyOf = ({ createdAt, id }: Workspace): string => `${createdAt} ${id}`;
const newestFirst = (list: readonly Workspace[]): Workspace[] => list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));

/** A page as each store answers it: what lies behind the cursor, newest first. */
const pageOf = (list: readonly Workspace[], limit: number, cursor: string | null): WorkspacePage => {
  const rest = newestFirst(list).filter((item) => cursor === null || keyOf(item) < cursor);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rest.length > limit && last !== undefined ? keyOf(last) : null };
};

const walk = (lists: readonly (readonly Workspace[])[], limit: number) => {
  const pages: (readonly Workspace[])[] = [];
  let cursor: string | null = null;
  do {
    const from: string | null = cursor;
    const page: WorkspacePage = mergePages(
      lists.map((list) => pageOf(list, limit, from)),
      limit,
      keyOf,
    );
    pages.push(page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < 1_000);
  return pages;
};

/** Few different seconds, so that many workspaces are equally old and only their ids tell them apart. */
const anyWorkspace = fc.record({
  mode: fc.constantFrom('solo' as const, 'shared' as const),
  second: fc.integer({ min: 0, max: 5 }),
});
const anyWorkspaces = fc
  .array(anyWorkspace, { maxLength: 40 })
  .map((made) =>
    made.map(({ mode, second }, index) => workspace(mode, second, `id-${String((index * 7) % 41).padStart(2, '0')}`)),
  );

test('walking all pages of two lists yields each workspace once, newest first, on full pages, for any limit', () => {
  fc.assert(
    fc.property(anyWorkspaces, fc.integer({ min: 1, max: 12 }), (all, limit) => {
      const lists = [all.filter(({ mode }) => mode === 'solo'), all.filter(({ mode }) => mode === 'shared')];
      const pages = walk(lists, limit);
      expect(pages.flat()).toEqual(newestFirst(all));
      for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
    }),
  );
});

test('one list alone, and none at all, are answered as they are', () => {
  const list = [workspace('solo', 2, 'b'), workspace('solo', 1, 'a')];
  expect(mergePages([{ items: list, nextCursor: null }], 2, keyOf)).toEqual({ items: list, nextCursor: null });
  expect(mergePages([], 2, keyOf)).toEqual({ items: [], nextCursor: null });
});
