ALTER TABLE auth.sessions DROP COLUMN IF EXISTS is_multi_factor;
