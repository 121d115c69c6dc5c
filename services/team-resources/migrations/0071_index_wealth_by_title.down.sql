DROP INDEX IF EXISTS team.idx_wealth_community_id_title;
