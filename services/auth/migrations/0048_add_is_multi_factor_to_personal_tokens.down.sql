ALTER TABLE auth.personal_tokens DROP COLUMN IF EXISTS is_multi_factor;
