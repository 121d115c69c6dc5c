-- Roles of an installation's own are edited: each change raises the number.
ALTER TABLE auth.roles ADD COLUMN IF NOT EXISTS version bigint NOT NULL DEFAULT 1;
