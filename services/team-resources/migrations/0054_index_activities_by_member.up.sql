-- The activities that name a member, whose name goes when they are erased.
CREATE INDEX IF NOT EXISTS idx_activities_resource_id ON team.activities (resource_id)
  WHERE resource_type IN ('member', 'council-member');
