-- The accounts whose rights changed since a time, newest first.
CREATE INDEX IF NOT EXISTS idx_users_access_changed_at ON auth.users (access_changed_at) WHERE access_changed_at IS NOT NULL;
