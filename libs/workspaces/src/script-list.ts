import type { ScriptSummary } from '@guildhall/contracts';
import {
  decodeCursor,
  encodeCursor,
  instantOf,
  pageRequest,
  requireFound,
  timeInCursor,
  toPage,
  uuidInCursor,
  type Caller,
  type Page,
} from '@guildhall/resources';
import type { ListQuery } from './documents.ts';
import type { ScriptFilters, ScriptListRequest, ScriptPosition, ScriptStore } from './workspace-store.ts';

type Sort = ScriptListRequest['sort'];

type ScriptListQuery = ListQuery & { readonly [Filter in keyof ScriptFilters]?: string } & { readonly sort?: Sort };

/** The column that a list is ordered by, as the property of a script. */
const sortKeys = { newest: 'createdAt', name: 'name', changed: 'updatedAt' } as const satisfies Record<Sort, keyof ScriptSummary>;

/** Reads a cursor of a list in this order. Throws INVALID. */
const readPosition =
  (sort: Sort) =>
  (cursor: string): ScriptPosition => {
    const [key = '', id = ''] = decodeCursor(cursor, 2);
    return { key: sort === 'name' ? key : timeInCursor(key), id: uuidInCursor(id) };
  };

const requestOf = (query: ScriptListQuery, sort: Sort): ScriptListRequest => ({
  filters: {
    q: query.q ?? null,
    language: query.language ?? null,
    tag: query.tag ?? null,
    changedSince: query.changedSince === undefined ? null : instantOf(query.changedSince, '/changedSince'),
    changedBy: query.changedBy ?? null,
  },
  sort,
  page: pageRequest(query, readPosition(sort)),
  state: query.state ?? null,
});

/**
 * A page of the scripts of a workspace. A search that came to its bound before the page was full names the next page all the same.
 * Throws NOT_FOUND, and INVALID for a cursor or a time that is none.
 */
export const listScripts = async (
  store: ScriptStore,
  { userId }: Caller,
  { workspaceId, query }: { readonly workspaceId: string; readonly query: ScriptListQuery },
): Promise<Page<ScriptSummary>> => {
  const { sort = 'newest' } = query;
  const cursorOf = (script: ScriptSummary): string => encodeCursor([script[sortKeys[sort]], script.id]);
  const { rows, stoppedAt } = await requireFound('workspace', store.list(userId, workspaceId, requestOf(query, sort)));
  const page = toPage(rows, query, cursorOf);
  return page.nextCursor === null && stoppedAt !== null ? { ...page, nextCursor: cursorOf(stoppedAt) } : page;
};
