CREATE INDEX IF NOT EXISTS idx_wealth_council_id_created_at ON team.wealth (council_id, created_at, id);
