-- The order of lists by name.
CREATE INDEX IF NOT EXISTS idx_councils_community_id_name_id ON team.councils (community_id, lower(name), id);
