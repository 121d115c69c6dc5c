/**
 * Rolled back for certain, and may succeed when run again. CockroachDB answers 40001 to any transaction that it cannot
 * put in order, PostgreSQL only under stricter isolation than ours; 40P01 is PostgreSQL's deadlock, which CockroachDB
 * reports as 40001. Both are run again on both, so that nobody has to ask.
 */
export const retryableStates: readonly string[] = ['40001', '40P01'];

/**
 * The server cannot work now, whatever the statement: class 08 connection, 53 resources, 58 system (CockroachDB: 58C00 a
 * range without its quorum, 58C01 a connection between nodes), 57Pxx shutdown, 57014 and 25P03 time-outs, 25006 read-only,
 * 25P02 a session whose failed transaction was not ended, XXC02 CockroachDB's licence.
 */
const unavailableStates = /^(08...|53...|57P..|57014|58...|25006|25P02|25P03|XXC02)$/;

export const isUnavailableState = (state: string): boolean => unavailableStates.test(state);

/** CockroachDB lost the answer to a COMMIT: the change may have been made, so it is never run again by itself. */
export const unknownOutcomeState = '40003';
