import { pageLimitDefault } from '@guildhall/contracts';
import { decodeCursor, encodeCursor, refusedCursor, timeInCursor, uuidInCursor } from '@guildhall/http';
import type { PageRequest, Position } from './workspace-store.ts';

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The cursor of a list by creation time. Throws INVALID for one that no such list gave out. */
export const readPosition = (cursor: string): Position => {
  const [createdAt = '', id = ''] = decodeCursor(cursor, 2);
  return { createdAt: timeInCursor(createdAt), id: uuidInCursor(id) };
};

export const cursorOf = ({ createdAt, id }: Position): string => encodeCursor([createdAt, id]);

/** The cursor of a list by version number. Throws INVALID for one that no such list gave out. */
export const readVersionCursor = (cursor: string): number => {
  const version = Number(decodeCursor(cursor, 1)[0]);
  if (!Number.isSafeInteger(version) || version < 1) throw refusedCursor();
  return version;
};

/** Asks for one row more than the page holds: whether it comes says whether there is a next page. */
export const pageRequest = <P>({ limit, cursor }: PageQuery, readCursor: (cursor: string) => P): PageRequest<P> => ({
  limit: (limit ?? pageLimitDefault) + 1,
  after: cursor === undefined ? null : readCursor(cursor),
});

/** The page out of what `pageRequest` brought. */
export const toPage = <T>(rows: readonly T[], { limit }: PageQuery, cursorOfRow: (row: T) => string): Page<T> => {
  const items = rows.slice(0, limit ?? pageLimitDefault);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > items.length && last !== undefined ? cursorOfRow(last) : null };
};
