CREATE INDEX IF NOT EXISTS idx_needs_community_id_title_id ON team.needs (community_id, lower(title), id);
