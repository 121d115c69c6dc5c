ALTER TABLE team.invites DROP COLUMN IF EXISTS stored_at;
