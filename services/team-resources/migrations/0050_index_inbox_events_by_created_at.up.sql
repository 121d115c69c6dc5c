-- The ids of events that were taken long ago: what the purge removes, oldest first.
CREATE INDEX IF NOT EXISTS idx_inbox_events_created_at ON team.inbox_events (created_at, id);
