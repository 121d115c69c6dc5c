import { setTimeout as delay } from 'node:timers/promises';

export interface WaitForOptions {
  /** The time limit. Default: 10 seconds. */
  readonly timeoutMs?: number;
  /** The polling interval. Default: 15 ms, and after a while a tenth of the time waited, up to 50 ms: to ask costs processor time. */
  readonly intervalMs?: number;
  /** Names the awaited condition in the error; as a function, with what there is when the time is over. */
  readonly what?: string | (() => string);
}

const intervalMsMin = 15;
const intervalMsMax = 50;

/**
 * Polls until `condition` returns something other than undefined, null or false, and returns that. A condition that throws
 * is polled again. Throws after the time limit, with the last error as its cause.
 */
export const waitFor = async <T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs, what = 'the condition' }: WaitForOptions = {},
): Promise<Exclude<T, undefined | null | false>> => {
  const startedAt = performance.now();
  const deadline = startedAt + timeoutMs;
  const pauseMs = (): number =>
    intervalMs ?? Math.min(intervalMsMax, Math.max(intervalMsMin, (performance.now() - startedAt) / 10));
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value as Exclude<T, undefined | null | false>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(pauseMs());
  } while (performance.now() < deadline);
  throw new Error(`Waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}.`, { cause });
};
