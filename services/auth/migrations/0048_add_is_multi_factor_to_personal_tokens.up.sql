-- Whether a session that had shown both factors made the token: where a role of its user requires the second one, no other token acts.
ALTER TABLE auth.personal_tokens ADD COLUMN IF NOT EXISTS is_multi_factor boolean NOT NULL DEFAULT false;
