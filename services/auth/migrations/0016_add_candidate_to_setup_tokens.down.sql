ALTER TABLE auth.setup_tokens DROP COLUMN IF EXISTS candidate_id;
