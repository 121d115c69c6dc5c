import type { Failures } from './user-store.ts';

export interface LoginFailures {
  /** Counts one failure more for each id, beginning anew where the last lies before `forgetBefore`. */
  count(ids: readonly string[], now: Date, forgetBefore: Date): Promise<void>;
  clear(id: string): Promise<void>;
}

interface DelayRule {
  /** Failures without a delay. */
  readonly freeFailures: number;
  readonly delaySecondsMax: number;
}

/**
 * The number of failures before delays begin, for one person who mistypes. Counted per account *and* address, so that no
 * stranger can lock anyone out.
 */
const pairRule: DelayRule = { freeFailures: 4, delaySecondsMax: 300 };
/** An address may be a whole office: it gets more tries, and a shorter wait. */
const addressRule: DelayRule = { freeFailures: 30, delaySecondsMax: 60 };

/** A failure counts for this long. */
export const failureMemorySeconds = 3600;

/** The wait after this many failures: 1, 2, 4, 8 … seconds once the free ones are spent. */
const delaySeconds = (failures: number, { freeFailures, delaySecondsMax }: DelayRule): number =>
  failures < freeFailures ? 0 : Math.min(2 ** (failures - freeFailures), delaySecondsMax);

export interface LoginSubjects {
  readonly pairId: string;
  readonly addressId: string;
}

/** Whole seconds until the next try is heard; 0 when it may be now. */
export const secondsToWait = (subjects: LoginSubjects, failures: readonly Failures[], now: Date): number => {
  const waits = failures.map(({ id, failures: count, lastFailedAt }) => {
    const sinceSeconds = (now.getTime() - lastFailedAt.getTime()) / 1000;
    if (sinceSeconds > failureMemorySeconds) return 0;
    return delaySeconds(count, id === subjects.pairId ? pairRule : addressRule) - sinceSeconds;
  });
  return Math.max(0, Math.ceil(Math.max(0, ...waits)));
};
