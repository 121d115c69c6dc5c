/**
 * Rolled back for certain, and may succeed when run again. CockroachDB answers 40001 to any transaction that it cannot
 * put in order, PostgreSQL only under stricter isolation than ours; 40P01 is PostgreSQL's deadlock, which CockroachDB
 * reports as 40001. Both are run again on both, so that nobody has to ask.
 */
export const retryableStates: readonly string[] = ['40001', '40P01'];

/** CockroachDB lost the answer to a COMMIT: the change may have been made, so it is never run again by itself. */
export const unknownOutcomeState = '40003';
