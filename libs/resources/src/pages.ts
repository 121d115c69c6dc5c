import { pageLimitDefault } from '@guildhall/contracts';
import { decodeCursor, encodeCursor, timeInCursor, uuidInCursor, versionInCursor } from './cursor.ts';

/**
 * Keyset pagination: the next page begins after the sort values of this page's last row, so that rows which are inserted in
 * the meantime neither repeat nor hide one.
 */

/** A page as the caller asks for it. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A page as a store reads it: `limit` rows after a position; from the start when it is null. */
export interface PageRequest<P = Position> {
  readonly limit: number;
  readonly after: P | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The position of a row in a list that runs from the newest to the oldest. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** The position in a cursor of a list by creation time. Throws INVALID for a cursor of another list. */
export const readPosition = (cursor: string): Position => {
  const [createdAt = '', id = ''] = decodeCursor(cursor, 2);
  return { createdAt: timeInCursor(createdAt), id: uuidInCursor(id) };
};

export const cursorOf = ({ createdAt, id }: Position): string => encodeCursor([createdAt, id]);

/** The position of a row in a list by name. */
export interface NamePosition {
  readonly name: string;
  readonly id: string;
}

const readNamePosition = (cursor: string): NamePosition => {
  const [name = '', id = ''] = decodeCursor(cursor, 2);
  return { name, id: uuidInCursor(id) };
};

/** The version in a cursor of a list by version number. Throws INVALID for a cursor of another list. */
export const readVersionCursor = (cursor: string): number => versionInCursor(decodeCursor(cursor, 1)[0] ?? '');

/** Asks for one row more than the page holds: if it comes, there is a next page. */
export const pageRequest = <P>({ limit, cursor }: PageQuery, readCursor: (cursor: string) => P): PageRequest<P> => ({
  limit: (limit ?? pageLimitDefault) + 1,
  after: cursor === undefined ? null : readCursor(cursor),
});

/** The page of the rows that a store found for `pageRequest`. */
export const toPage = <T>(rows: readonly T[], { limit }: PageQuery, cursorOfRow: (row: T) => string): Page<T> => {
  const items = rows.slice(0, limit ?? pageLimitDefault);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > items.length && last !== undefined ? cursorOfRow(last) : null };
};

/** The query of a list that is sorted from the newest to the oldest, or by name. */
export interface SortedQuery extends PageQuery {
  readonly sort?: 'newest' | 'name';
}

/** A page of a list in one of two orders, as a store reads it. */
export type SortedRequest = ({ readonly sort: 'newest' } & PageRequest) | ({ readonly sort: 'name' } & PageRequest<NamePosition>);

/** `pageRequest` of a list in one of two orders. */
export const sortedRequest = (query: SortedQuery): SortedRequest =>
  query.sort === 'name'
    ? { sort: 'name', ...pageRequest(query, readNamePosition) }
    : { sort: 'newest', ...pageRequest(query, readPosition) };

/** The page of the rows that a store found for `sortedRequest`. */
export const toSortedPage = <T extends Position & NamePosition>(rows: readonly T[], query: SortedQuery): Page<T> =>
  toPage(rows, query, query.sort === 'name' ? ({ name, id }) => encodeCursor([name, id]) : cursorOf);
