ALTER TABLE auth.roles DROP COLUMN IF EXISTS created_by;
