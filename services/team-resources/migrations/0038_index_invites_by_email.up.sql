-- The invites to an address: what its owner is shown.
CREATE INDEX IF NOT EXISTS idx_invites_email_created_at ON team.invites (email, created_at, id) WHERE email IS NOT NULL;
