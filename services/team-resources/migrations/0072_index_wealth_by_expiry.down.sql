DROP INDEX IF EXISTS team.idx_wealth_community_id_expires_at_id;
