ALTER TABLE auth.users DROP COLUMN IF EXISTS is_second_factor_active;
