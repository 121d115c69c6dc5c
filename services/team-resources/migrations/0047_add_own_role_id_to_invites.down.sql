ALTER TABLE team.invites DROP COLUMN IF EXISTS own_role_id;
