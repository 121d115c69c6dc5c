-- What was stored and is not in the log yet, oldest first: none, but after an upgrade from a version that had no log.
CREATE INDEX IF NOT EXISTS idx_audit_events_recorded_at ON audit.audit_events (recorded_at, id) WHERE leaf_index IS NULL;
