CREATE INDEX IF NOT EXISTS idx_resource_memberships_own_role_id ON team.resource_memberships (own_role_id);
