-- Whether the account is a program's: it holds roles and tokens, and no session is ever opened for it.
ALTER TABLE auth.users ADD COLUMN IF NOT EXISTS is_service boolean NOT NULL DEFAULT false;
