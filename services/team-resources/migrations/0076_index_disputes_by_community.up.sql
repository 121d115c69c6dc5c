CREATE INDEX IF NOT EXISTS idx_disputes_community_id_created_at ON team.disputes (community_id, created_at, id);
