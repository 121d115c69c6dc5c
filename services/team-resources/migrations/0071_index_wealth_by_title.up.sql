CREATE INDEX IF NOT EXISTS idx_wealth_community_id_title ON team.wealth (community_id, title, id);
