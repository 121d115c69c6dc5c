DROP TABLE IF EXISTS audit.audit_events;
