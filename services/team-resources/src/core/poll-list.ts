import type { PollSummary } from '@guildhall/contracts';
import { pageRequest, requireFound, toPage, type Page, type PageQuery, type RequestContext } from '@guildhall/resources';
import type { PollSort, PollStore } from './polls.ts';
import { sortedCursorOf, sortedCursorReader } from './sorted-cursor.ts';

export interface PollQuery extends PageQuery {
  readonly state?: 'open' | 'closed' | 'deleted';
  readonly q?: string;
  readonly sort?: PollSort;
}

/** Throws NOT_FOUND, INVALID for a cursor of another list. */
export const listPolls = async (
  store: PollStore,
  { caller }: RequestContext,
  { communityId, query }: { readonly communityId: string; readonly query: PollQuery },
): Promise<Page<PollSummary>> => {
  const { state = null, q: text, sort = 'newest' } = query;
  const readCursor = sortedCursorReader(sort, { mayLackTime: sort === 'closing' });
  const rows = await requireFound(
    'community',
    store.list(caller.userId, communityId, { state, text, sort }, pageRequest(query, readCursor)),
  );
  const timeOf = ({ createdAt, closesAt }: PollSummary) => (sort === 'closing' ? closesAt : createdAt);
  return toPage(rows, query, (poll) => sortedCursorOf(sort, { time: timeOf(poll), id: poll.id }));
};
