import { decodeCursor, encodeCursor, invalidCursor, timeInCursor, uuidInCursor } from '@guildhall/resources';

/** The position of a row in a list that is ordered by a time and then by id. */
export interface TimePosition {
  /** Null for a row without the time, in a list in which there may be such. */
  readonly time: string | null;
  readonly id: string;
}

/** Reads the cursors of a list in one of several orders. They throw INVALID for a cursor of another order. */
export const sortedCursorReader =
  (sort: string, { mayLackTime = false } = {}) =>
  (cursor: string): TimePosition => {
    const [by, time = '', id = ''] = decodeCursor(cursor, 3);
    if (by !== sort) throw invalidCursor();
    return { time: mayLackTime && time === '' ? null : timeInCursor(time), id: uuidInCursor(id) };
  };

/** The position of a row in a list that is ordered by a text or a time, its key, and then by id. */
export interface KeyPosition {
  readonly key: string;
  readonly id: string;
}

/** Reads the cursors of a list in one of several orders, each by a key of one kind. They throw INVALID for a cursor of another order. */
export const keyCursorReader =
  (sort: string, kind: 'text' | 'time') =>
  (cursor: string): KeyPosition => {
    const [by, key = '', id = ''] = decodeCursor(cursor, 3);
    if (by !== sort) throw invalidCursor();
    return { key: kind === 'text' ? key : timeInCursor(key), id: uuidInCursor(id) };
  };

export const keyCursorOf = (sort: string, { key, id }: KeyPosition): string => encodeCursor([sort, key, id]);

export const sortedCursorOf = (sort: string, { time, id }: TimePosition): string => encodeCursor([sort, time ?? '', id]);
