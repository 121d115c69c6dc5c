-- The order of lists by name.
CREATE INDEX IF NOT EXISTS idx_pools_community_id_name_id ON team.pools (community_id, lower(name), id);
