import type { PollSummary } from '@guildhall/contracts';
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  notFound,
  pageRequest,
  timeInCursor,
  toPage,
  uuidInCursor,
  type Page,
  type PageQuery,
  type RequestContext,
} from '@guildhall/resources';
import type { PollPosition, PollSort, PollStore } from './polls.ts';

export interface PollQuery extends PageQuery {
  readonly state?: 'open' | 'closed' | 'deleted';
  readonly q?: string;
  readonly sort?: PollSort;
}

const readPollCursor =
  (sort: PollSort) =>
  (cursor: string): PollPosition => {
    const [by, time = '', id = ''] = decodeCursor(cursor, 3);
    if (by !== sort) throw invalidCursor();
    return { time: sort === 'closing' && time === '' ? null : timeInCursor(time), id: uuidInCursor(id) };
  };

const pollCursorOf =
  (sort: PollSort) =>
  ({ id, createdAt, closesAt }: PollSummary): string =>
    encodeCursor([sort, sort === 'closing' ? (closesAt ?? '') : createdAt, id]);

/** Throws NOT_FOUND, INVALID for a cursor of another list. */
export const listPolls = async (
  store: PollStore,
  { caller }: RequestContext,
  { communityId, query }: { readonly communityId: string; readonly query: PollQuery },
): Promise<Page<PollSummary>> => {
  const { state = null, q: text = null, sort = 'newest' } = query;
  const rows = await store.list(caller.userId, communityId, { state, text, sort }, pageRequest(query, readPollCursor(sort)));
  if (rows === undefined) throw notFound('community');
  return toPage(rows, query, pollCursorOf(sort));
};
