DROP INDEX IF EXISTS team.idx_wealth_council_id_created_at;
