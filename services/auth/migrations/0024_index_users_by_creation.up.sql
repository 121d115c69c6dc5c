-- The order of the list of accounts, newest first.
CREATE INDEX IF NOT EXISTS idx_users_created_at_id ON auth.users (created_at, id);
