import { sql } from '@guildhall/db';

/** Every leaf with its leaf index, of stored and of removed events. */
export const storedLeaves = sql.fragment`
  SELECT whole.leaf_index, whole.leaf_hash FROM audit.audit_events AS whole WHERE whole.leaf_index IS NOT NULL
  UNION ALL SELECT gone.leaf_index, gone.leaf_hash FROM audit.removed_events AS gone`;
