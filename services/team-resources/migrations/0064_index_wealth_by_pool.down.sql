DROP INDEX IF EXISTS team.idx_wealth_pool_id_created_at;
