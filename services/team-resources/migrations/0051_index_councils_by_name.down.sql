DROP INDEX IF EXISTS team.idx_councils_community_id_name_id;
