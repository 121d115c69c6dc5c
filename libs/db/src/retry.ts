import { setTimeout as delay } from 'node:timers/promises';
import { contended, isRetryable } from './database-errors.ts';

/** About three seconds: under SERIALIZABLE, all but one of those who change one thing at once have to begin again. */
const triesMax = 16;
const backoffMsFirst = 8;
const backoffMsMax = 250;

const backoffMs = (tryNumber: number): number => Math.min(backoffMsMax, backoffMsFirst * 2 ** tryNumber) * (0.5 + Math.random());

/**
 * Runs `work` again after a serialization failure or a deadlock, with exponential backoff and jitter. `work` has no effect
 * outside the database. Throws SERVICE_UNAVAILABLE when every attempt failed.
 */
export const retryContended = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tryNumber = 1; ; tryNumber += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      if (tryNumber >= triesMax) throw contended(error);
      await delay(backoffMs(tryNumber));
    }
  }
};
