-- When the user's personal data was erased; null for everyone else.
ALTER TABLE team.app_users ADD COLUMN IF NOT EXISTS erased_at timestamptz;
