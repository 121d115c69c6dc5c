DROP INDEX IF EXISTS audit.idx_audit_events_recorded_at;
