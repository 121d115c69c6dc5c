DROP INDEX IF EXISTS team.idx_activities_resource_id;
