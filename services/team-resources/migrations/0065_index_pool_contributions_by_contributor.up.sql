-- Who contributed to a pool sees the wealth that is shared with it.
CREATE INDEX IF NOT EXISTS idx_pool_contributions_created_by_pool_id ON team.pool_contributions (created_by, pool_id) WHERE kind = 'contribution';
