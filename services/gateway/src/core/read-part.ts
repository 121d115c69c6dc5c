import { isAppError } from '@guildhall/errors';

/** A part of an answer that could not be read, and why. */
interface Unread {
  readonly part: string;
  readonly reason: string;
}
type Read<T> = { readonly value: T } | { readonly unread: Unread };

/** Reads a part of an answer; where it cannot be read, the others are answered without it. Throws what is no AppError. */
export const readPart = async <T>(part: string, read: () => Promise<T>): Promise<Read<T>> => {
  try {
    return { value: await read() };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { unread: { part, reason: error.message } };
  }
};

/** The value of a part; null where it could not be read. */
export const valueOf = <T>(read: Read<T>): T | null => ('value' in read ? read.value : null);

export const unreadOf = (reads: readonly Read<unknown>[]): Unread[] =>
  reads.flatMap((read) => ('unread' in read ? [read.unread] : []));
