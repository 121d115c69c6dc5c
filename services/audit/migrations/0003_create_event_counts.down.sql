DROP TABLE IF EXISTS audit.event_counts;
