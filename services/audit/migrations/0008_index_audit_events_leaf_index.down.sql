DROP INDEX IF EXISTS audit.uq_audit_events_leaf_index;
