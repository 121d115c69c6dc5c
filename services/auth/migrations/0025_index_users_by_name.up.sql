-- The order of the list of accounts by name.
CREATE INDEX IF NOT EXISTS idx_users_display_name_id ON auth.users (lower(display_name), id);
