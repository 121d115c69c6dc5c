import { AppError } from '@guildhall/errors';

const attemptsMax = 5;

/** SERVICE_UNAVAILABLE: concurrent changes won every attempt, and nothing was stored. */
export const contended = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'Others changed this at the same time. Try again.', { retryAfterSeconds: 1 });

/**
 * Repeats a compare-and-swap: `attempt` reads, decides and writes, and returns undefined when another change came between its
 * read and its write. Throws SERVICE_UNAVAILABLE after five attempts.
 */
export const retryCompareAndSwap = async <T>(attempt: () => Promise<T | undefined>): Promise<T> => {
  for (let count = 0; count < attemptsMax; count += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
  }
  throw contended();
};
