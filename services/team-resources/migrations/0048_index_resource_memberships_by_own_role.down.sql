DROP INDEX IF EXISTS team.idx_resource_memberships_own_role_id;
