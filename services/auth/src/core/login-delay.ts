import { clockSkewSecondsMax } from './limits.ts';
import type { Failures } from './user-store.ts';

export interface LoginFailures {
  /** Reserves a failure for the first subject of an attempt, as the log-in does for both, in one statement. */
  reserve(attempt: LoginAttempt): Promise<{ readonly failures: readonly Failures[]; readonly isReserved: boolean }>;
  clear(id: string): Promise<void>;
  /** Takes back the failure that was reserved `at`; `lastFailedAt` is the time of the one before, null if there was none. */
  giveBack(id: string, at: Date, lastFailedAt: Date | null): Promise<void>;
}

export interface DelayRule {
  /** The throttling of log-ins: failures without a delay. */
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

/** A log-in that is about to be tried: a failure is reserved for both subjects before its password is compared. */
export interface LoginAttempt extends LoginSubjects {
  readonly at: Date;
}

export const ruleOf = ({ pairId }: LoginSubjects, id: string): DelayRule => (id === pairId ? pairRule : addressRule);

export interface LoginSubjects {
  readonly pairId: string;
  readonly addressId: string;
}

/**
 * Whole seconds until the next try is heard; 0 when it may be now. Nobody waits for a failure of a clock that was set back since.
 */
export const secondsToWait = (subjects: LoginSubjects, failures: readonly Failures[], now: Date): number => {
  const waits = failures.map(({ id, failures: count, lastFailedAt }) => {
    const sinceSeconds = (now.getTime() - lastFailedAt.getTime()) / 1000;
    if (sinceSeconds < -clockSkewSecondsMax || sinceSeconds > failureMemorySeconds) return 0;
    const delay = delaySeconds(count, ruleOf(subjects, id));
    return delay === 0 ? 0 : delay - sinceSeconds;
  });
  return Math.max(0, Math.ceil(Math.max(0, ...waits)));
};
