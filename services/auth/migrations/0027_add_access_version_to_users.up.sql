-- Counts the changes of an account's roles. Access tokens carry it, and one with an earlier count is refused.
ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS access_version bigint NOT NULL DEFAULT 0;
