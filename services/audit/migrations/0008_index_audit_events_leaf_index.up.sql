-- No two events have one place in the log, and what follows a place is found by it.
CREATE UNIQUE INDEX IF NOT EXISTS uq_audit_events_leaf_index ON audit.audit_events (leaf_index);
