import type { TrustGraph, TrustScore } from '@guildhall/contracts';
import {
  decodeCursor,
  encodeCursor,
  invalidCursor,
  notFound,
  pageRequest,
  requireFound,
  toPage,
  type Page,
  type PageQuery,
  type PageRequest,
  type RequestContext,
} from '@guildhall/resources';
import type { MemberPath } from './members.ts';

/** The position of a member in the list of scores. */
export interface ScorePosition {
  readonly score: number;
  readonly userId: string;
}

/** A member of a trust graph with the members whom they vouch for. */
export interface TrustGraphRow extends TrustScore {
  /** The steps from the middle, over awards of either direction. */
  readonly distance: number;
  readonly vouchesFor: readonly string[];
}

export interface TrustGraphRequest {
  readonly around: string;
  readonly depth: number;
  readonly limit: number;
}

/** Trust scores, read from the view. Every read is one statement; undefined when the user does not belong to the community. */
export interface TrustScoreStore {
  /** Highest first. */
  list(userId: string, communityId: string, page: PageRequest<ScorePosition>): Promise<readonly TrustScore[] | undefined>;
  /** `score` is undefined when there is no such member. */
  find(userId: string, communityId: string, memberId: string): Promise<{ readonly score: TrustScore | undefined } | undefined>;
  /** The members within the depth, nearest first, at most `limit`; empty when there is no such member in the middle. */
  graph(userId: string, communityId: string, request: TrustGraphRequest): Promise<readonly TrustGraphRow[] | undefined>;
}

/** The position in a cursor of the list of scores. Throws INVALID for a cursor of another list. */
const readScoreCursor = (cursor: string): ScorePosition => {
  const [score = '', userId = ''] = decodeCursor(cursor, 2);
  if (!/^(0|[1-9]\d{0,14})$/.test(score)) throw invalidCursor();
  return { score: Number(score), userId };
};

/** Throws NOT_FOUND. */
export const listTrustScores = async (
  store: TrustScoreStore,
  { caller }: RequestContext,
  { communityId, query }: { readonly communityId: string; readonly query: PageQuery },
): Promise<Page<TrustScore>> => {
  const rows = await requireFound('community', store.list(caller.userId, communityId, pageRequest(query, readScoreCursor)));
  return toPage(rows, query, ({ score, userId }) => encodeCursor([score, userId]));
};

/** Throws NOT_FOUND. */
export const findTrustScore = async (
  store: TrustScoreStore,
  { caller }: RequestContext,
  { communityId, memberId }: MemberPath,
): Promise<TrustScore> => {
  const found = await requireFound('community', store.find(caller.userId, communityId, memberId));
  if (found.score === undefined) throw notFound('member');
  return found.score;
};

/** The awards around a member. Throws NOT_FOUND. */
export const findTrustGraph = async (
  store: TrustScoreStore,
  { caller }: RequestContext,
  communityId: string,
  { around, depth, limit }: TrustGraphRequest,
): Promise<TrustGraph> => {
  // One more than is shown tells whether there are more.
  const rows = await requireFound('community', store.graph(caller.userId, communityId, { around, depth, limit: limit + 1 }));
  if (rows.length === 0) throw notFound('member');
  const shown = rows.slice(0, limit);
  const shownIds = new Set(shown.map(({ userId }) => userId));
  return {
    around,
    nodes: shown.map(({ vouchesFor: _edges, ...node }) => node),
    edges: shown.flatMap(({ userId, vouchesFor }) =>
      vouchesFor.filter((to) => shownIds.has(to)).map((to) => ({ from: userId, to })),
    ),
    isTruncated: rows.length > limit,
  };
};
