ALTER TABLE team.app_users DROP COLUMN IF EXISTS erased_at;
