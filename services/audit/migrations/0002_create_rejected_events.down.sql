DROP TABLE IF EXISTS audit.rejected_events;
