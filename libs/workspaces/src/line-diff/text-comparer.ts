import type { LineDiff } from '@guildhall/contracts';
import { createSlots } from '@guildhall/resources';
import { Piscina } from 'piscina';

/**
 * Compares two texts line by line for a user, off the event loop. Rejects with SERVICE_UNAVAILABLE when too many comparisons wait,
 * with RATE_LIMITED when too many of them are this user's.
 */
export type CompareTexts = (userId: string, from: string, to: string) => Promise<LineDiff>;

export interface TextComparer {
  readonly compare: CompareTexts;
  close(): Promise<void>;
}

/** The most comparisons that are under way or wait: each holds two texts. */
const comparisonsMax = 16;
const comparisonsPerUserMax = 4;
const retryAfterSeconds = 2;
/** A comparison of two longest texts needs about half of it. */
const workerMegabytesMax = 512;
/** The idle time after which the worker ends and frees its memory. */
const idleTimeoutMs = 30_000;

/** One worker thread that compares texts. It starts with the first comparison, and ends when none has come for a while. */
export const createTextComparer = (): TextComparer => {
  const pool = new Piscina<{ readonly from: string; readonly to: string }, LineDiff>({
    filename: new URL('worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleTimeoutMs,
    // The bound is ours (below): piscina throws an Error of its own at its bound.
    maxQueue: comparisonsMax,
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytesMax },
  });
  const slots = createSlots({
    slotsMax: comparisonsMax,
    slotsPerHolderMax: comparisonsPerUserMax,
    allTaken: () => 'Too many comparisons at once.',
    shareTaken: () => 'Too many comparisons of yours at once.',
    retryAfterSeconds,
  });
  return {
    async compare(userId, from, to) {
      const release = slots.take({ id: userId });
      try {
        return await pool.run({ from, to });
      } finally {
        release();
      }
    },
    close: () => pool.destroy(),
  };
};
