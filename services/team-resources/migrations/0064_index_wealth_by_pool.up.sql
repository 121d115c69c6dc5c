CREATE INDEX IF NOT EXISTS idx_wealth_pool_id_created_at ON team.wealth (pool_id, created_at, id);
