-- Whether both factors opened the session: where a role requires the second one, a session without it ends at its next refresh.
ALTER TABLE auth.sessions ADD COLUMN IF NOT EXISTS is_multi_factor boolean NOT NULL DEFAULT false;
