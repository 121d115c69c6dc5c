ALTER TABLE team.communities ADD COLUMN IF NOT EXISTS settings jsonb;
