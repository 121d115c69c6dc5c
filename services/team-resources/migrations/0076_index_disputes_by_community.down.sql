DROP INDEX IF EXISTS team.idx_disputes_community_id_created_at;
