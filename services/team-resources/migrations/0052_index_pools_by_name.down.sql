DROP INDEX IF EXISTS team.idx_pools_community_id_name_id;
