import { setTimeout as delay } from 'node:timers/promises';
import { retryableStates } from '@guildhall/engine';
import { codeOf } from './connection.ts';

const triesMax = 6;
const backoffMsFirst = 20;

const isRetryable = (error: unknown): boolean => retryableStates.some((state) => state === codeOf(error));

/**
 * Runs `work` again after a serialization failure or a deadlock (SQLSTATE 40001, 40P01), which certainly rolled it back: at
 * most six attempts, with exponential backoff and jitter. `rollBack` runs before each further attempt and ends the failed
 * transaction of the session. Throws the last failure.
 */
export const retrySerialization = async <T>(work: () => Promise<T>, rollBack?: () => Promise<unknown>): Promise<T> => {
  for (let tryNumber = 1; ; tryNumber += 1) {
    try {
      return await work();
    } catch (error) {
      if (tryNumber >= triesMax || !isRetryable(error)) throw error;
      await rollBack?.();
      await delay(backoffMsFirst * 2 ** tryNumber * (0.5 + Math.random()));
    }
  }
};
