DROP INDEX IF EXISTS team.idx_needs_community_id_title_id;
