CREATE INDEX IF NOT EXISTS idx_invites_own_role_id ON team.invites (own_role_id);
