import { AppError } from '@guildhall/errors';

/** The callers of one key that may wait; the next one is refused. */
const turnsWaitingMax = 200;

/** Runs work one by one for each key (a mutex for each). Throws RATE_LIMITED where too many wait for a key. */
export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Creates the turns of this process. Many uses of one code at once would hold as many connections, each waiting for the same row, and keep everybody else from the database; in turn, the losers
 * find the code used. Which of the uses at several processes wins, the statement decides.
 */
export const createTurns = (): InTurn => {
  const lines = new Map<string, { readonly last: Promise<unknown>; readonly waiting: number }>();
  return async (key, work) => {
    const line = lines.get(key);
    const waiting = (line?.waiting ?? 0) + 1;
    if (waiting > turnsWaitingMax)
      throw new AppError('RATE_LIMITED', 'Too many tries at once. Try again.', { retryAfterSeconds: 1 });
    const done = (line?.last ?? Promise.resolve()).then(work);
    const last = done.then(ignore, ignore);
    lines.set(key, { last, waiting });
    try {
      return await done;
    } finally {
      const now = lines.get(key);
      if (now?.last === last) lines.delete(key);
      else if (now !== undefined) lines.set(key, { ...now, waiting: now.waiting - 1 });
    }
  };
};

const ignore = (): void => undefined;

/** The key of a token that names a row: whoever has another secret for it waits, too. */
export const rowOf = (token: string): string => token.slice(0, token.indexOf('.') + 1);
