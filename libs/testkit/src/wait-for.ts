import { setTimeout as delay } from 'node:timers/promises';

export interface WaitForOptions {
  /** How long to wait at most. Default: 10 seconds. */
  readonly timeoutMs?: number;
  /** Between two looks. Default: 15 ms. */
  readonly intervalMs?: number;
  /** What is waited for, for the error. */
  readonly what?: string;
}

/**
 * Looks until `condition` answers something other than undefined, null or false, and answers that. A condition that
 * throws is looked at again. Throws when the time is over, with the last error as its cause.
 */
export const waitFor = async <T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 15, what = 'the condition' }: WaitForOptions = {},
): Promise<Exclude<T, undefined | null | false>> => {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(intervalMs);
  } while (performance.now() < deadline);
  throw new Error(`Waited ${timeoutMs} ms for ${what}.`, { cause });
};
