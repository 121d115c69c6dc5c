ALTER TABLE auth.auth_codes DROP COLUMN IF EXISTS secret_hash;
