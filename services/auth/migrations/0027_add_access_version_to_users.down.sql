ALTER TABLE auth.users DROP COLUMN IF EXISTS access_version;
