ALTER TABLE team.resource_memberships DROP COLUMN IF EXISTS removed_at;
