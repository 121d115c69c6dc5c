import { sql, type Fragment } from '@guildhall/db';

/**
 * The condition that nothing was signed yet. Only until then does the log take up rows without a leaf index and a leaf hash, which a version
 * without a log stored: later ones were written by hand.
 */
const isNothingSigned: Fragment = sql.fragment`NOT EXISTS (SELECT 1 FROM audit.checkpoints)`;

const hasNoPlace: Fragment = sql.fragment`leaf_index IS NULL AND leaf_hash IS NULL`;

/** The condition that a row of audit.audit_events waits to be sequenced. */
export const isUnsequenced: Fragment = sql.fragment`${hasNoPlace} AND ${isNothingSigned}`;

/** The leaf hash of a planted row that has none: it is never sequenced then. */
export const plantedHash: Fragment = sql.fragment`decode(repeat('00', 32), 'hex')`;

/** The statement that sets rows without a place aside as planted: they stay as evidence, and the log never takes them up. */
export const setUnplacedAside = (which: Fragment = sql.fragment`true`): Fragment => sql.fragment`
  UPDATE audit.audit_events SET leaf_hash = ${plantedHash}, updated_at = now() WHERE ${hasNoPlace} AND ${which}`;
