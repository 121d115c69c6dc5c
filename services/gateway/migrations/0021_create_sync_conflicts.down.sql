DROP TABLE IF EXISTS sync_conflicts;
