DROP INDEX IF EXISTS team.idx_inbox_events_created_at;
