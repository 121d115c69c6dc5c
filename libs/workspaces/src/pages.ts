import { pageLimitDefault } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { decodeCursor, encodeCursor } from '@guildhall/http';
import type { PageRequest, Position } from './workspace-store.ts';

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const notOurs = (): AppError =>
  new AppError('INVALID', 'The cursor is not one that this list gave out.', {
    errors: [{ path: '/cursor', message: 'is not a cursor of this list' }],
  });

/** A time out of a cursor. Throws INVALID for one that no list gave out. */
export const readTime = (text: string): string => {
  if (!timePattern.test(text) || Number.isNaN(Date.parse(text))) throw notOurs();
  return text;
};

/** The cursor of a list by creation time. Throws INVALID for one that no such list gave out. */
export const readPosition = (cursor: string): Position => {
  const [createdAt = '', id = ''] = decodeCursor(cursor, 2);
  if (!uuidPattern.test(id)) throw notOurs();
  return { createdAt: readTime(createdAt), id };
};

export const cursorOf = ({ createdAt, id }: Position): string => encodeCursor([createdAt, id]);

/** The cursor of a list by version number. Throws INVALID for one that no such list gave out. */
export const readVersionCursor = (cursor: string): number => {
  const version = Number(decodeCursor(cursor, 1)[0]);
  if (!Number.isSafeInteger(version) || version < 1) throw notOurs();
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
