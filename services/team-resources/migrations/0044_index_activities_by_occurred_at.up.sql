-- The oldest activities are found without a scan when they are purged.
CREATE INDEX IF NOT EXISTS idx_activities_occurred_at ON team.activities (occurred_at);
