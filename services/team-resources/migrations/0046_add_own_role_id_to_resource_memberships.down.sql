ALTER TABLE team.resource_memberships DROP COLUMN IF EXISTS own_role_id;
