DROP INDEX IF EXISTS team.idx_activities_occurred_at;
