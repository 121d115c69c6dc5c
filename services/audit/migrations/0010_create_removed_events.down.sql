DROP TABLE IF EXISTS audit.removed_events;
